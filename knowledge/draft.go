package knowledge

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A draft is a guide while it is read.
type draft struct {
	version  string
	order    fileOrder
	sections []*section
	codes    map[string]*Entry // by their lower-case form
	list     []*Entry          // the codes as they were found
	faults   []Fault
}

// A section is a heading and what stands below it, up to the next heading.
type section struct {
	entry *Entry // the topic that the section is, if it has the content of one
	root  bool   // not below any heading
	level int
	slug  string
	steps int // how many steps it has so far

	keys   map[string]int // line of each annotation key
	notes  []int          // line of each comment with annotations
	hinted []Pos          // place of each of the entry's Hints.Codes
	codes  []*Entry       // codes that are explained here
}

func newDraft(files []File) *draft {
	d := &draft{order: fileOrder{}, version: versionOf(files), codes: map[string]*Entry{}}
	for i, f := range files {
		if _, ok := d.order[f.Name]; !ok {
			d.order[f.Name] = i
		}
	}
	return d
}

func versionOf(files []File) string {
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintf(sum, "%d %s %d ", len(f.Name), f.Name, len(f.Src))
		sum.Write(f.Src)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

func (d *draft) fault(file string, line int, format string, args ...any) {
	d.faults = append(d.faults, Fault{Pos: Pos{file, line}, Msg: fmt.Sprintf(format, args...)})
}

func (d *draft) fatal(file string, line int, format string, args ...any) {
	d.fault(file, line, format, args...)
	d.faults[len(d.faults)-1].Fatal = true
}

// finish turns what was read into a guide.
func (d *draft) finish() (*Guide, error) {
	d.addHintedCodes()
	entries := slices.Clone(d.list)
	topics := slices.DeleteFunc(slices.Clone(d.sections), func(s *section) bool { return !s.isTopic() })
	for _, s := range topics {
		entries = append(entries, s.entry)
	}
	if len(entries) == 0 && !slices.ContainsFunc(d.faults, isFatal) {
		d.fatal(d.firstFile(), 1, "the guide has no topic; write a heading with text or steps below it")
	}
	slices.SortStableFunc(d.faults, func(a, b Fault) int { return d.order.compare(a.Pos, b.Pos) })
	if slices.ContainsFunc(d.faults, isFatal) {
		return nil, joinFaults(d.faults)
	}
	slices.SortStableFunc(entries, func(a, b *Entry) int { return d.order.compare(a.Pos, b.Pos) })
	d.nameTopics(topics)
	relate(topics, entries)
	return &Guide{Entries: entries, Version: d.version, Faults: d.faults, order: d.order, index: newIndex(entries)}, nil
}

func isFatal(f Fault) bool { return f.Fatal }

func joinFaults(faults []Fault) error {
	var errs []error
	for _, f := range faults {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

// A fileOrder is the place of each file in the guide.
type fileOrder map[string]int

// compare orders places as the guide does.
func (o fileOrder) compare(a, b Pos) int {
	return cmp.Or(cmp.Compare(o[a.File], o[b.File]), cmp.Compare(a.Line, b.Line))
}

func (d *draft) firstFile() string {
	for name, i := range d.order {
		if i == 0 {
			return name
		}
	}
	return "guide"
}

// isTopic reports whether a section has content other than codes. A heading
// above nothing but codes is only their category.
func (s *section) isTopic() bool {
	return !s.root && slices.ContainsFunc(s.entry.Body, func(p Part) bool { return p.Kind != Codes })
}

// nameTopics gives topics their IDs. An ID that a code has already gets a
// number, as GitHub numbers headings of the same name.
func (d *draft) nameTopics(topics []*section) {
	taken := map[string]bool{}
	for _, e := range d.list {
		taken[e.ID] = true
	}
	for _, s := range topics {
		id := s.slug
		if len(d.order) > 1 {
			id = s.entry.Pos.File + "#" + s.slug
		}
		s.entry.ID = id
		for n := 1; taken[s.entry.ID]; n++ {
			s.entry.ID = id + "-" + strconv.Itoa(n)
		}
		taken[s.entry.ID] = true
	}
}

// addHintedCodes makes entries of the codes that are annotated but nowhere
// explained.
func (d *draft) addHintedCodes() {
	for _, s := range d.sections {
		if !s.isTopic() {
			continue
		}
		for i, code := range s.entry.Hints.Codes {
			key := strings.ToLower(code)
			if d.codes[key] == nil {
				d.codes[key] = &Entry{ID: code, Kind: Code, Title: code, Category: s.path(), Pos: s.hinted[i]}
				d.list = append(d.list, d.codes[key])
			}
			s.codes = append(s.codes, d.codes[key])
		}
	}
}

// path returns the headings above what stands in the section.
func (s *section) path() []string {
	if s.root {
		return nil
	}
	return append(slices.Clone(s.entry.Category), s.entry.Title)
}
