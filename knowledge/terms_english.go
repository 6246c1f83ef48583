package knowledge

import (
	_ "embed"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

//go:embed words/english.txt
var englishText string

// A vocable is an ordinary English word.
type vocable struct {
	size uint8                  // of the smallest SCOWL list that has it: 10, 20 or 35
	stem atomic.Pointer[string] // once somebody has asked for it
}

// vocables returns every ordinary English word. Their stems are kept, because
// most words of a message are among them; words that are not ordinary, such as
// a part of a key, are remembered nowhere.
var vocables = sync.OnceValue(func() map[string]*vocable {
	all := make([]vocable, strings.Count(englishText, "\n"))
	words := make(map[string]*vocable, len(all))
	size := uint8(0)
	for line := range strings.Lines(englishText) {
		line = strings.TrimSpace(line)
		switch line {
		case "# 10":
			size = 10
		case "# 20":
			size = 20
		case "# 35":
			size = 35
		default:
			all[len(words)].size = size
			words[line] = &all[len(words)]
		}
	}
	return words
})

// ordinary returns how common an English word is: 10, 20 or 35, the commonest
// first, and 0 for any other word.
func ordinary(word string) uint8 {
	if v := vocables()[word]; v != nil {
		return v.size
	}
	return 0
}

// A stemmer cuts the endings off words. Its env is made when it is needed.
type stemmer struct{ env *snowballstem.Env }

func (s *stemmer) stem(word string) string {
	if same, ok := sameWord[word]; ok {
		return same
	}
	v := vocables()[word]
	if v == nil {
		return s.cut(word)
	}
	known := v.stem.Load()
	if known == nil {
		cut := s.cut(word)
		known = &cut
		v.stem.Store(known)
	}
	return *known
}

func (s *stemmer) cut(word string) string {
	if s.env == nil {
		s.env = snowballstem.NewEnv("")
	}
	s.env.SetCurrent(word)
	english.Stem(s.env)
	return s.env.Current()
}

// mass is the information that a word carries, in hundredths: rare words say
// more than common ones. The values are those measured in the research that
// the matcher follows: they separate API trouble from other talk best.
func mass(word string) int {
	switch ordinary(word) {
	case 10:
		return 100
	case 20:
		return 140
	case 35:
		return 170
	default:
		return 180
	}
}

// plainTrouble weighs a word that goes with every trouble, in percent.
const plainTrouble = 40

// plain weighs a word as evidence, in percent: what everybody says about
// everything says less about a topic than jargon does.
func plain(word string) int {
	if troubles[word] {
		return plainTrouble
	}
	switch ordinary(word) {
	case 10:
		return 60
	case 20:
		return 80
	case 35:
		return 100
	default:
		return 120
	}
}
