// Package feature cuts a message into the features that the model weighs:
// words, their stems, pairs of neighbouring stems and pieces of words. The
// trainer and the reader of the model share it, so both see the same.
package feature

import "unicode/utf8"

// Kind is what a feature was made from.
type Kind uint8

// The kinds of features.
const (
	Word  Kind = iota // a whole word in lower case, or its class, as <num>
	Stem              // a word without its ending
	Pair              // two neighbouring stems
	Skip              // two stems with one word between them
	Piece             // 3 to 5 letters of a word, its edges included
	Kinds             // how many kinds there are
)

// Bounds of what is read. A KB at each end holds the question and the last
// cause of a trace; the number of features bounds the time of a hostile text.
const (
	MaxEdge    = 1 << 10
	maxWord    = 40
	maxGap     = 40 // bytes between the words of a pair
	shortPiece = 3
	longPiece  = 5
)

// Feature is one feature of a text: a hash that names it, and the bytes of
// the text it was made from.
type Feature struct {
	Hash       uint32
	Start, End int32
	Kind       Kind
}

// Extractor cuts texts. It keeps its memory between texts; one goroutine
// uses it at a time. The zero value is ready.
type Extractor struct {
	words    []word
	letters  []byte
	features []Feature
}

// word is a word of the text: where it stands, its lower-case form in the
// extractor's letters, and the hash of its stem.
type word struct {
	start, end int32
	from, to   int32
	stem       uint32
	masked     bool // a class such as <num> stands in for it
}

// Extract returns the features of text in the order of their place, equal
// ones as often as they occur. The result is valid until the next call.
func (x *Extractor) Extract(text string) []Feature {
	x.words, x.letters, x.features = x.words[:0], x.letters[:0], x.features[:0]
	if len(text) <= 2*MaxEdge {
		x.split(text, 0)
	} else {
		x.split(text[:MaxEdge], 0)
		x.split(text[len(text)-MaxEdge:], len(text)-MaxEdge)
	}
	for i := range x.words {
		x.add(i)
	}
	return x.features
}

// add appends the features that end with the i-th word.
func (x *Extractor) add(i int) {
	w := &x.words[i]
	form := x.letters[w.from:w.to]
	w.stem = hashBytes(seed(Stem), form[:stemLen(form)])
	x.put(Word, hashBytes(seed(Word), form), w.start, w.end)
	x.put(Stem, w.stem, w.start, w.end)
	if i > 0 && w.start-x.words[i-1].end <= maxGap {
		before := x.words[i-1]
		x.put(Pair, hashTwo(seed(Pair), before.stem, w.stem), before.start, w.end)
	}
	if i > 1 && w.start-x.words[i-2].end <= 2*maxGap {
		before := x.words[i-2]
		x.put(Skip, hashTwo(seed(Skip), before.stem, w.stem), before.start, w.end)
	}
	if !w.masked {
		x.addPieces(w, form)
	}
}

// addPieces appends the pieces of a word. A byte before and after it stands
// for the edge; pieces are cut by bytes, which is stable for any alphabet.
func (x *Extractor) addPieces(w *word, form []byte) {
	for from := -1; from+shortPiece <= len(form)+1; from++ {
		h := seed(Piece)
		for n := 1; n <= longPiece && from+n <= len(form)+1; n++ {
			h = hashByte(h, edged(form, from+n-1))
			if n >= shortPiece {
				x.put(Piece, h, w.start, w.end)
			}
		}
	}
}

// edged returns a byte of the word, and the mark of the edge beside it.
func edged(form []byte, i int) byte {
	if i < 0 || i >= len(form) {
		return '_'
	}
	return form[i]
}

func (x *Extractor) put(k Kind, hash uint32, start, end int32) {
	x.features = append(x.features, Feature{Hash: mix(hash), Start: start, End: end, Kind: k})
}

// split appends the words of text, which begins at base in the whole text.
func (x *Extractor) split(text string, base int) {
	for i := 0; i < len(text); {
		if end := urlEnd(text, i); end > i {
			x.putClass("<url>", base+i, base+end)
			i = end
			continue
		}
		if end := mentionEnd(text, i); end > i {
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) {
			i += size
			continue
		}
		i = x.splitWord(text, i, base)
	}
}

// splitWord appends the word that begins at i and returns its end.
func (x *Extractor) splitWord(text string, i, base int) int {
	from, start := int32(len(x.letters)), i
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isApostrophe(r) {
			i += size
			continue
		}
		if !isWord(r) || r == utf8.RuneError && size < 2 {
			break
		}
		if len(x.letters)-int(from) < maxWord {
			x.letters = utf8.AppendRune(x.letters, lower(r))
		}
		i += size
	}
	form := x.letters[from:]
	if class := classOf(form); class != "" {
		x.letters = x.letters[:from]
		x.putClass(class, base+start, base+i)
		return i
	}
	x.words = append(x.words, word{start: int32(base + start), end: int32(base + i), from: from, to: int32(len(x.letters))})
	return i
}

func (x *Extractor) putClass(class string, start, end int) {
	from := int32(len(x.letters))
	x.letters = append(x.letters, class...)
	x.words = append(x.words, word{start: int32(start), end: int32(end), from: from, to: int32(len(x.letters)), masked: true})
}
