package knowledge

import (
	"regexp"
	"slices"
	"strings"
)

// hintKeys are the keys of annotations, the comments below a heading that
// tell the bot about the topic.
var hintKeys = []string{"aliases", "symptoms", "not-symptoms", "codes", "checks", "escalate-to", "must-match", "must-not-match"}

// hintLine is a line "key: value" of an annotation.
var hintLine = regexp.MustCompile(`^\s*([\pL][\pL_-]*(?: \pL+)?)\s*:\s*(.*?)\s*$`)

// An annotation is a comment with hints while it is read.
type annotation struct {
	*walker
	key  string // of the line or lines being read; empty if they are not used
	line int    // of the key
	used bool   // the key has a value
}

// comment reads an HTML comment whose text begins on the given line. One that
// does not begin with a key, or what looks like one, is the author's own.
func (w *walker) comment(text string, line int) {
	lines := strings.Split(text, "\n")
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
		line++
	}
	if !isAnnotation(lines) {
		return
	}
	if w.section.root {
		w.warn(line, "hints belong to a topic; move the comment below the heading of one")
		return
	}
	w.section.notes = append(w.section.notes, line)
	a := annotation{walker: w}
	for i, l := range lines {
		a.read(strings.TrimSpace(l), line+i)
	}
	a.endKey()
}

// isAnnotation reports whether the first line of a comment is "key: value"
// with a known key or a misspelt one, or with any key if another line has a
// known one.
func isAnnotation(lines []string) bool {
	if len(lines) == 0 {
		return false
	}
	m := hintLine.FindStringSubmatch(lines[0])
	return m != nil && (nearestKey(m[1]) != "" || slices.ContainsFunc(lines, func(l string) bool {
		m := hintLine.FindStringSubmatch(l)
		return m != nil && slices.Contains(hintKeys, strings.ToLower(m[1]))
	}))
}

// nearestKey returns the key that a word is, or is at most two typing
// mistakes away from, or "". "Notes" are the author's own.
func nearestKey(word string) string {
	word = strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(word))
	best, distance := "", 3
	for _, key := range hintKeys {
		if d := editDistance(word, key, distance); d < distance && word != "notes" {
			best, distance = key, d
		}
	}
	return best
}

// read reads one line of an annotation.
func (a *annotation) read(line string, number int) {
	value, isValue := strings.CutPrefix(line, "-")
	m := hintLine.FindStringSubmatch(line)
	switch {
	case line == "":
	case isValue:
		a.value(strings.TrimSpace(value), number)
	case m == nil:
		a.warn(number, "%q is neither \"key: value\" nor \"- value\"; correct the line", abridge(line))
	default:
		a.endKey()
		a.beginKey(m[1], number)
		if a.key == "escalate-to" {
			a.value(m[2], number)
			return
		}
		for v := range strings.SplitSeq(m[2], ",") {
			a.value(strings.TrimSpace(v), number)
		}
	}
}

func (a *annotation) beginKey(word string, line int) {
	key := strings.ToLower(word)
	a.key, a.line, a.used = "", line, false
	switch first, again := a.section.keys[key]; {
	case !slices.Contains(hintKeys, key) && nearestKey(word) != "":
		a.warn(line, "unknown key %q; write %q", word, nearestKey(word))
	case !slices.Contains(hintKeys, key):
		a.warn(line, "unknown key %q; the keys are %s", word, strings.Join(hintKeys, ", "))
	case again:
		a.warn(line, "the topic has %q already on line %d, and only that is used; put the values together", key, first)
	default:
		a.section.keys[key] = line
		a.key = key
	}
}

func (a *annotation) endKey() {
	if a.key != "" && !a.used {
		a.warn(a.line, "%q has no value; write one, or delete the line", a.key)
	}
}

// value adds a value to the hint being read.
func (a *annotation) value(v string, line int) {
	if a.key == "" || v == "" {
		return
	}
	again := a.used
	a.used = true
	hints := &a.section.entry.Hints
	switch a.key {
	case "aliases":
		hints.Aliases = append(hints.Aliases, v)
	case "symptoms":
		hints.Symptoms = append(hints.Symptoms, v)
	case "not-symptoms":
		hints.NotSymptoms = append(hints.NotSymptoms, v)
	case "must-match":
		hints.MustMatch = append(hints.MustMatch, v)
		hints.mustMatchAt = append(hints.mustMatchAt, line)
	case "must-not-match":
		hints.MustNotMatch = append(hints.MustNotMatch, v)
		hints.mustNotMatchAt = append(hints.mustNotMatchAt, line)
	case "codes":
		a.code(strings.Trim(v, "`"), line)
	case "checks":
		if !slices.Contains(CheckNames, strings.ToLower(v)) {
			a.warn(line, "there is no check %q; the checks are %s", v, strings.Join(CheckNames, ", "))
			return
		}
		hints.Checks = append(hints.Checks, strings.ToLower(v))
	case "escalate-to":
		if again {
			a.warn(line, "a topic is handed to one place; keep one value")
			return
		}
		hints.EscalateTo = v
	}
}

func (a *annotation) code(code string, line int) {
	if !declaredCode.MatchString(code) {
		a.warn(line, "%q is no code, which has letters, digits and _ . : - only; correct it", code)
		return
	}
	a.section.entry.Hints.Codes = append(a.section.entry.Hints.Codes, code)
	a.section.hinted = append(a.section.hinted, Pos{a.file, line})
}
