package knowledge

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed words/english.txt
var englishText string

// ordinary maps every ordinary English word to how common it is: 10, 20 or 35,
// the size of the smallest SCOWL list that has it.
var ordinary = sync.OnceValue(func() map[string]uint8 {
	words := make(map[string]uint8, strings.Count(englishText, "\n"))
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
			words[line] = size
		}
	}
	return words
})

// mass is the information that a word carries, in hundredths: rare words say
// more than common ones. The values are those measured in the research that
// the matcher follows: they separate API trouble from other talk best.
func mass(word string) int {
	switch ordinary()[word] {
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
	switch ordinary()[word] {
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
