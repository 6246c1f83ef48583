package knowledge

import (
	"regexp"
	"slices"
	"strings"
)

// columns says which column of a table of codes is what; -1 is none.
type columns struct {
	code, meaning, solution int
	declared                bool // the header says that the first are codes
}

func (columns) cell(row tableRow, i int) Rich {
	if i < 0 {
		return nil
	}
	return row.cells[i]
}

var (
	codeHeader     = regexp.MustCompile(`(?i)^(?:(?:api|error|status|http|http status|http error|response|exit|return|vendor)[ -]?)?codes?$|^(?:fehler|status|antwort)-?codes?$|^errno$`)
	weakCodeHeader = regexp.MustCompile(`(?i)^(?:http|(?:http )?status|(?:http )?errors?|error (?:name|type|id)|error code.*|status code.*|code.*|fehler)$`)
	meaningHeader  = regexp.MustCompile(`(?i)^(?:(?:error )?(?:meaning|description|reason|message|cause|explanation)s?|what it means|name|bedeutung|beschreibung|ursache|grund)$`)
	solutionHeader = regexp.MustCompile(`(?i)^(?:(?:how to |quick )?fix(?:es)?|(?:suggested |recommended )?(?:solution|action|resolution|remedy|response)s?|what (?:to|you can|should i) do|next steps?|lösung|maßnahme|abhilfe|behebung|was tun)\??$`)
)

// newColumns finds the column of codes, if there is one, and what the others
// say: by their headers, or else the next one is the meaning and the one
// after it the solution.
func newColumns(header []Rich, rows []tableRow) (columns, bool) {
	c := columns{code: -1, meaning: -1, solution: -1}
	best := 0
	for i := range header {
		if trust := codeTrust(header[i].String(), i, rows); trust > best {
			c.code, best = i, trust
		}
	}
	if best == 0 {
		return c, false
	}
	c.declared = best == 2 || weakCodeHeader.MatchString(header[c.code].String())
	for i, h := range header {
		switch {
		case i == c.code:
		case c.meaning < 0 && meaningHeader.MatchString(h.String()):
			c.meaning = i
		case c.solution < 0 && solutionHeader.MatchString(h.String()):
			c.solution = i
		}
	}
	for i, h := range header {
		other := codeTrust(h.String(), i, rows) > 0
		switch {
		case i == c.code || i == c.meaning || i == c.solution || other:
		case c.meaning < 0:
			c.meaning = i
		case c.solution < 0:
			c.solution = i
		}
	}
	return c, true
}

// codeTrust tells how surely a column is one of codes: 2 if its header says
// so and a cell agrees, 1 if half of its cells or more look like codes, 0 if
// not. Numbers alone convince only in the first column; elsewhere they may
// count anything.
func codeTrust(header string, col int, rows []tableRow) int {
	header = strings.TrimSpace(header)
	strong, weak := codeHeader.MatchString(header), weakCodeHeader.MatchString(header)
	filled, like := 0, 0
	for _, row := range rows {
		cell := row.cells[col]
		if len(cell) == 0 {
			continue
		}
		filled++
		codes, _ := codeCell(slices.Clone(cell), strong || weak)
		if len(codes) > 0 && (strong || weak || col == 0 || strings.Trim(codes[0], "0123456789") != "") {
			like++
		}
	}
	switch {
	case strong && like > 0:
		return 2
	case like > 0 && 2*like >= filled:
		return 1
	}
	return 0
}
