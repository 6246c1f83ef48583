package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A definition says what one or several codes mean.
type definition struct {
	codes             []string
	line              int
	meaning, solution Rich
}

// define makes entries of the codes of a definition and appends them to list.
func (w *walker) define(list []*Entry, def definition) []*Entry {
	if len(def.meaning) == 0 {
		w.warn(def.line, "the code %s has no meaning; write what it says", strings.Join(def.codes, ", "))
	}
	for _, code := range def.codes {
		key := strings.ToLower(code)
		e := w.codes[key]
		if e != nil {
			w.warn(def.line, "the code %s is explained already at %s:%d, and only that is used; keep one of them", code, e.Pos.File, e.Pos.Line)
		} else {
			e = &Entry{ID: code, Kind: Code, Title: code, Category: w.section.path(), Pos: Pos{w.file, def.line},
				Meaning: def.meaning, Solution: def.solution}
			w.codes[key] = e
			w.list = append(w.list, e)
		}
		if !slices.Contains(list, e) {
			list = append(list, e)
		}
		w.section.codes = append(w.section.codes, e)
	}
	return list
}

// What an identifier must look like to be taken for a code. In plain text it
// must be unmistakable; in backticks it may be a number or a name in capitals
// as well; where the author says that codes follow, any identifier will do.
var (
	plainCode    = regexp.MustCompile(`^(?:[1-5]\d\d|[1-5][xX]{2}|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|[A-Z]\d{3,5}|[A-Z]{2,12}-\d{3,}|ERR-?\d+|E[A-Z]{3,})$`)
	quotedCode   = regexp.MustCompile(`^(?:\d{3,6}|-\d{2,6}|[A-Z]{8,}|[A-Z]{2,12}\d{4,}|(?:[a-z0-9]+\.)*(?:[A-Z][a-z0-9]+){2,})$`)
	declaredCode = regexp.MustCompile(`^-?[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?$`)
	plainWord    = regexp.MustCompile(`^[A-Za-z]?[a-z]*$`)
)

// maxCode is the length in bytes of the longest identifier that is taken for
// a code. Java's exceptions with their packages reach about 70.
const maxCode = 80

// codeLike reports whether an identifier is a code.
func codeLike(s string, quoted, declared bool) bool {
	switch {
	case len(s) > maxCode:
		return false
	case declared && declaredCode.MatchString(s):
		return quoted || !plainWord.MatchString(s)
	case quoted && quotedCode.MatchString(s):
		return true
	}
	return plainCode.MatchString(s)
}

// announcement is how headings and paragraphs say that codes follow.
var announcement = regexp.MustCompile(`(?i)\b(?:codes|(?:error|status|exit|return) code|fehlercodes?)\b`)

// announcesCodes reports whether a list that follows now is one of codes.
func (w *walker) announcesCodes() bool {
	e := w.section.entry
	if n := len(e.Body); n > 0 && e.Body[n-1].Kind == Prose && announcement.MatchString(e.Body[n-1].Items[0].String()) {
		return true
	}
	return announcement.MatchString(e.Title)
}

// codeLead splits a bullet such as "`A`, `B`: meaning" into its codes and the
// meaning. It returns no codes for any other bullet.
func codeLead(r Rich, declared bool) (codes []string, meaning Rich) {
	var links Rich
	for i, s := range r {
		switch {
		case s.Style&Mono != 0:
			if !codeLike(s.Text, true, declared) {
				return nil, nil
			}
			codes = append(codes, s.Text)
			if s.URL != "" {
				links = append(links, Span{Text: " "}, Span{Text: s.Text, URL: s.URL})
			}
		case len(codes) == 0:
			return nil, nil
		case !codeSeparator.MatchString(s.Text):
			colon := codeColon.FindString(s.Text)
			if colon == "" {
				return nil, nil
			}
			s.Text = s.Text[len(colon):]
			return codes, append(trim(append(Rich{s}, r[i+1:]...)), links...)
		}
	}
	return nil, nil
}

var (
	codeSeparator = regexp.MustCompile(`^\s*(?:[,;/|&]|or|and|oder|und)\s*$`)
	codeColon     = regexp.MustCompile(`^\s*[:–—-]`)
	codePrefix    = regexp.MustCompile(`(?i)^(?:(?:http|error|status|code)\s+)+`)
	codeToken     = regexp.MustCompile(`^[^\s,;/|&]+`)
	codeNext      = regexp.MustCompile(`^\s*(?:[,;/|&]\s*|(?:or|and|oder|und)\s+)`)
)

// codeCell splits a table cell such as "401, 403" or "429 Too Many Requests"
// into its codes and the rest.
func codeCell(r Rich, declared bool) (codes []string, rest Rich) {
	next := true // a code may follow
	for i, s := range r {
		if s.Style&Mono != 0 && next && codeLike(s.Text, true, declared) {
			codes = append(codes, s.Text)
			continue
		}
		found, after := plainCodes(&s.Text, next && s.Style&Mono == 0, declared)
		codes = append(codes, found...)
		if next = after; strings.TrimSpace(s.Text) != "" {
			return codes, trimDash(append(Rich{s}, r[i+1:]...))
		}
	}
	return codes, nil
}

// plainCodes cuts the codes off the beginning of a text, and reports whether
// another one may follow what was cut off.
func plainCodes(text *string, next, declared bool) (codes []string, more bool) {
	for {
		if m := codeNext.FindString(*text); m != "" {
			next, *text = true, (*text)[len(m):]
		}
		start := strings.TrimLeftFunc(*text, unicode.IsSpace)
		start = start[len(codePrefix.FindString(start)):]
		token := codeToken.FindString(start)
		code := strings.TrimRight(token, ":.")
		if !next || !codeLike(code, false, declared) {
			return codes, next || strings.TrimSpace(*text) == ""
		}
		codes, next, *text = append(codes, code), false, start[len(code):]
	}
}

// trimDash removes what separates a code from its name.
func trimDash(r Rich) Rich {
	r = trim(r)
	if len(r) > 0 {
		r[0].Text = strings.TrimLeft(r[0].Text, ":.–—- ")
	}
	return trim(r)
}
