package bot

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// A finder is a pattern that is only run on texts which contain a piece that
// every match of it contains one of. Of thirty patterns a message then runs
// one or two.
type finder struct {
	pattern *regexp.Regexp
	pieces  []string // nil if a match may contain none in particular
}

func newFinder(pattern *regexp.Regexp) finder {
	parsed, err := syntax.Parse(pattern.String(), syntax.Perl)
	if err != nil {
		return finder{pattern: pattern} // no pattern of ours
	}
	return finder{pattern, piecesOf(parsed.Simplify())}
}

// matches reports whether the pattern matches.
func (f finder) matches(text string) bool {
	if f.pieces == nil {
		return f.pattern.MatchString(text)
	}
	for _, p := range f.pieces {
		if strings.Contains(text, p) {
			return f.pattern.MatchString(text)
		}
	}
	return false
}

// leastPiece is how long a piece must be to tell anything.
const leastPiece = 2

// piecesOf returns pieces of which every match of an expression contains one, or
// nil if there are none. Expressions that ignore case have none.
func piecesOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if piece := string(re.Rune); len(piece) >= leastPiece && re.Flags&syntax.FoldCase == 0 {
			return []string{piece}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return piecesOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return piecesOf(re.Sub[0])
		}
	case syntax.OpConcat:
		return bestPieces(re.Sub)
	case syntax.OpAlternate:
		return allPieces(re.Sub)
	}
	return nil
}

// bestPieces returns the pieces of the part whose shortest piece is longest:
// any part will do.
func bestPieces(parts []*syntax.Regexp) []string {
	var best []string
	for _, part := range parts {
		if pieces := piecesOf(part); shortest(pieces) > shortest(best) {
			best = pieces
		}
	}
	return best
}

// allPieces returns the pieces of all alternatives, nil if one has none.
func allPieces(alternatives []*syntax.Regexp) []string {
	var all []string
	for _, one := range alternatives {
		pieces := piecesOf(one)
		if pieces == nil {
			return nil
		}
		all = append(all, pieces...)
	}
	return all
}

// shortest returns the length of the shortest piece, 0 for none.
func shortest(pieces []string) int {
	least := 0
	for _, p := range pieces {
		if least == 0 || len(p) < least {
			least = len(p)
		}
	}
	return least
}
