package knowledge

import (
	"slices"
	"strings"
)

// findCodes finds the guide's own codes written as one word, in any case and
// with any punctuation, also with one typing mistake.
func (s *search) findCodes() {
	for i, t := range s.tokens {
		if t.role == number {
			continue
		}
		raw := s.text[t.start:t.end]
		joined := t.word
		if strings.Contains(raw, "_") {
			joined = strings.ReplaceAll(t.word, "_", "")
		}
		if entry, ok := s.identifiers[joined]; ok {
			s.add(entry, KindCode, s.entries[entry].ID, s.exactness(raw, entry), s.run(i, i+1))
		} else if entry, ok := s.similarCode(raw, joined); ok {
			s.tokens[i].fixed = s.entries[entry].ID
			s.add(entry, KindCode, s.entries[entry].ID, pointsCodeTypo, s.run(i, i+1))
		}
	}
}

// exactness says how much a code counts in the way it was written. A code
// that is an ordinary word counts little unless written as the guide does.
func (s *search) exactness(raw string, entry int) int {
	id := s.entries[entry].ID
	switch {
	case raw == id && ordinary(raw) == 0:
		return pointsCode
	case ordinary(strings.ToLower(id)) != 0:
		return pointsMeaning * plain(strings.ToLower(id)) / 100
	}
	return pointsCodeSplit
}

// similarCode finds the code that an identifier is one edit away from. Only
// what looks like a code is compared, and no short one.
func (s *search) similarCode(raw, joined string) (int, bool) {
	if len(joined) < 6 || len(joined) > 40 || raw != strings.ToUpper(raw) && !strings.Contains(raw, "_") {
		return 0, false
	}
	near, ok := s.codeSpelling.nearest(joined)
	if !ok || editDistance(joined, near, 2) != 1 {
		return 0, false
	}
	return s.identifiers[near], true
}

// findNumbers finds codes that are numbers, where the words around say that
// the number is one. A bare number is nothing: there are 500 users, order 401
// and port 8500.
func (s *search) findNumbers() {
	last := -3 // where the last status was found
	for i, t := range s.tokens {
		word := strings.TrimSuffix(t.word, "s")
		entry, listed := s.status(word)
		if entry < 0 {
			continue
		}
		points := s.numberPoints(i, word)
		if points == 0 && (last == i-1 || last == i-2 && lists[s.neighbour(i-1)]) {
			points = pointsNumber // "429, 503", "429 or 503"
		}
		if points == 0 {
			s.rejected = append(s.rejected, entry)
			continue
		}
		last = i
		if !listed {
			points -= pointsUnlisted
		}
		s.add(entry, KindStatus, s.entries[entry].ID, points, s.withReason(i, word))
	}
}

// status returns the entry for a number that may be a status, or -1, and
// whether the guide names the number or only has something close to it.
func (x *index) status(word string) (entry int, listed bool) {
	if entry, ok := x.numbers[word]; ok {
		return entry, true
	}
	if in := x.prose[word]; len(in) > 0 {
		return in[0], true
	}
	if x.spelled[word] == nil {
		return -1, false
	}
	return x.entryFor(statusPrefix + word), false
}

// numberPoints judges a number by its neighbours.
func (s *search) numberPoints(i int, number string) int {
	before, after := s.neighbour(i-1), s.neighbour(i+1)
	t := s.tokens[i]
	prefix, suffix := s.text[:t.start], s.text[t.end:]
	switch {
	case quantities[after] || counted[before] && !statusWords[after]:
		return 0
	case s.isContent(i+1) && quantities[s.neighbour(i+2)]: // 429 unread messages
		return 0
	case strings.HasSuffix(prefix, "#"), strings.HasSuffix(prefix, "$"), strings.HasSuffix(prefix, "€"), strings.HasPrefix(suffix, "%"):
		return 0
	case touchesDigit(prefix, suffix):
		return 0
	case before == "does" && after == "mean", len(s.withReason(i, number)) > 1, statusWords[before], statusWords[after], s.afterReason(i, number), s.afterVersion(i):
		return pointsStatus
	case statusFollowers[after], arrow(prefix), s.opens(i) && openers[after]:
		return pointsNumber
	case strings.HasSuffix(t.word, "s"), s.alone(i), statusVerbs[before], statusVerbs[s.neighbour(i-2)] && singled[before]:
		return pointsNumber
	case lists[after] && s.isCode(i+2), s.isCode(i + 1):
		return pointsNumber
	case strings.HasPrefix(suffix, " on /"):
		return pointsNumber
	case !round(number) && s.isPlaced(i):
		return pointsPlaced
	}
	return 0
}

// round reports whether a number is one that people also count in.
func round(number string) bool { return strings.HasSuffix(number, "00") }

// isPlaced reports whether a number stands where a status often does, and the
// number of something seldom: "downloads: 404", "nowhere (404)", "the 404 I
// can live with", "403 on every DELETE".
func (s *search) isPlaced(i int) bool {
	before, after := s.neighbour(i-1), s.neighbour(i+1)
	t := s.tokens[i]
	prefix, suffix := s.text[:t.start], s.text[t.end:]
	switch {
	case strings.HasSuffix(prefix, "(") && strings.HasPrefix(suffix, ")"), strings.HasSuffix(prefix, ": "):
		return true
	case before == "the" && pronouns[after], placers[after] && (i == 0 || s.tokens[i-1].role == filler || openers[after]):
		return true
	}
	return false
}

// arrow reports whether a text ends in a sign for what came of something:
// "create -> 500".
func arrow(prefix string) bool {
	prefix = strings.TrimRight(prefix, " ")
	return strings.HasSuffix(prefix, "->") || strings.HasSuffix(prefix, "=>") || strings.HasSuffix(prefix, "→") || strings.HasSuffix(prefix, "=")
}

// opens reports whether a token is the first that says something.
func (s *search) opens(i int) bool {
	return !slices.ContainsFunc(s.tokens[:i], func(t token) bool { return t.role != filler })
}

// isCode reports whether a token is a code that is a number.
func (s *search) isCode(i int) bool {
	entry, _ := s.status(s.neighbour(i))
	return entry >= 0
}

func (s *search) isContent(i int) bool { return i < len(s.tokens) && s.tokens[i].role == content }

// touchesDigit reports whether a number is a part of a longer one, such as a
// decimal, a date, a time or an address with a port.
func touchesDigit(prefix, suffix string) bool {
	joins := func(r byte) bool { return r == '.' || r == ',' || r == ':' || r == '-' || r == '/' }
	digit := func(r byte) bool { return r >= '0' && r <= '9' }
	n := len(prefix)
	return n >= 2 && joins(prefix[n-1]) && digit(prefix[n-2]) || len(suffix) >= 2 && joins(suffix[0]) && digit(suffix[1])
}

// afterVersion reports whether a number follows HTTP and its version.
func (s *search) afterVersion(i int) bool {
	for i--; statusVersion[s.neighbour(i)]; i-- {
		if s.neighbour(i-1) == "http" {
			return true
		}
	}
	return false
}

// afterReason reports whether the words that a number stands for precede it.
func (s *search) afterReason(i int, number string) bool {
	return slices.ContainsFunc(s.spelled[number], func(want []string) bool {
		return len(want) > 0 && i >= len(want) &&
			slices.EqualFunc(want, s.tokens[i-len(want):i], func(stem string, t token) bool { return stem == t.stem })
	})
}

// alone reports whether the number is all that the text says.
func (s *search) alone(i int) bool {
	for j, t := range s.tokens {
		if j != i && t.role != filler && t.role != neutral {
			return false
		}
	}
	return true
}

func (s *search) neighbour(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.tokens[i].word
}

// withReason returns the token of a number and, if they follow it, those of
// the words that the code stands for: "429 Too Many Requests".
func (s *search) withReason(i int, number string) []int {
	rest := s.tokens[i+1:]
	for _, want := range s.spelled[number] {
		if len(want) == 0 || len(rest) < len(want) {
			continue
		}
		if slices.EqualFunc(want, rest[:len(want)], func(stem string, t token) bool { return stem == t.stem }) {
			return s.run(i, i+1+len(want))
		}
	}
	return s.run(i, i+1)
}

var (
	// statusFollowers after a number speak of when it comes, openers where, if
	// the message begins with it.
	statusFollowers = wordSet("everywhere again back zurück randomly always immediately instead since when whenever though sometimes anymore constantly overnight")
	openers         = wordSet("on for from in after with during")

	// placers after a number that nobody counts in say where or against what
	// it comes, pronouns after "the" and such a number who gets it.
	placers  = wordSet("on although though while despite even whatever mean means says")
	pronouns = wordSet("i we you they he she it is was came comes")

	// statusWords beside a number make it a status, in some languages.
	statusWords = wordSet(`erreur fehler fehlercode statuscode erro errore fout feil fel błąd hata ошибка ошибку código codice http https status statuscode status_code http_status code errorcode error_code error errors err
		response responded responds respond replied replies rc errno exception`)
	statusVersion = wordSet("1 2 3 0")

	// statusVerbs before a number, also with an article in between, do so
	// less strongly.
	statusVerbs = wordSet(`get gets getting got gives give giving gave return returns returned returning throw throws threw throwing
		see seeing saw have having had receive receives received receiving with of is was now still only just keep keeps always sends sent
		sending answers answered answering answer hit hits hitting same another random many intermittent constant all fails failed failing
		fixed also then plus says said show shows shown means mean spurious occasional sporadic and or its thats`)
	singled = wordSet("a an the this that these those some many all only just about like random constant intermittent same another")

	lists = wordSet("and or")

	// quantities after a number make it a number of something.
	quantities = wordSet(`ms milliseconds s sec secs second seconds min mins minutes hour hours h days day weeks months years users user
		customers people requests items rows records calls dollars euros usd eur bucks percent mb kb gb tb bytes kbit px pages lines words
		times orders employees km miles meters kg street st avenue road main rpm rps qps tps connections threads products emails messages
		shirts points pieces seats tickets rooms cpus nodes servers instances pods samples tests files tokens of million thousand`)

	// counted before a number make it the number of a thing.
	counted = wordSet(`order orders page pages room line lines port number no nr invoice ticket tickets issue bus flight gate highway route
		version v id building suite apt apartment chapter section figure table step pr issue bug case row over under than up exactly
		approximately roughly nearly almost around least most`)
)
