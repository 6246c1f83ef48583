package knowledge

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// A tableRow is a row of a table.
type tableRow struct {
	line  int
	cells []Rich
}

// empty reports whether a row has no text.
func (r tableRow) empty() bool {
	return !slices.ContainsFunc(r.cells, func(c Rich) bool { return len(c) > 0 })
}

// table reads a table, as codes if one column is codes and as a list if not.
func (w *walker) table(t *east.Table) {
	header, rows := w.rows(t)
	cols, ok := newColumns(header.cells, rows)
	if !ok {
		if items := w.tableItems(header, rows); len(items) > 0 {
			w.add(header.line, Part{Kind: List, Items: items})
		}
		return
	}
	var codes []*Entry
	for _, row := range rows {
		if def, ok := w.codeRow(cols, header.cells, row); ok {
			codes = w.define(codes, def)
		}
	}
	if len(codes) > 0 {
		w.add(header.line, Part{Kind: Codes, Codes: codes})
	}
}

// rows reads the cells of a table.
func (w *walker) rows(t *east.Table) (header tableRow, rows []tableRow) {
	for n := t.FirstChild(); n != nil; n = n.NextSibling() {
		row := tableRow{line: w.lineOf(n)}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			row.cells = append(row.cells, w.rich(c, 0))
		}
		if n == t.FirstChild() {
			header = row
			continue
		}
		if w.hasMoreCells(n.LastChild()) {
			w.warn(row.line, "the row has more cells than the table has columns, and these are not used; add a column, or write \\| for a bar in the text")
		}
		rows = append(rows, row)
	}
	return header, rows
}

// hasMoreCells reports whether text follows the last cell of a row.
func (w *walker) hasMoreCells(last ast.Node) bool {
	if last.Lines().Len() == 0 {
		return false
	}
	rest, _, _ := bytes.Cut(w.src[last.Lines().At(0).Stop:], []byte("\n"))
	return len(bytes.Trim(rest, " \t|")) > 0
}

// tableItems returns each row as one text, "Header: cell; Header: cell".
func (w *walker) tableItems(header tableRow, rows []tableRow) []Rich {
	if !slices.ContainsFunc(rows, func(r tableRow) bool { return !r.empty() }) {
		w.warn(header.line, "the table has no rows with text; fill them, or delete it")
		return nil
	}
	var items []Rich
	for _, row := range rows {
		if row.empty() {
			w.warn(row.line, "the table row is empty; fill it, or delete it")
			continue
		}
		var b spans
		for i, cell := range row.cells {
			b.labelled(header.cells[i], cell)
		}
		items = append(items, b.rich())
	}
	for i, h := range header.cells {
		if len(h) > 0 && !slices.ContainsFunc(rows, func(r tableRow) bool { return len(r.cells[i]) > 0 }) {
			w.warn(header.line, "nothing stands in the column %q; fill it, or delete it", h.String())
		}
	}
	return items
}

// labelled adds a cell behind the header of its column.
func (b *spans) labelled(header, cell Rich) {
	if len(cell) == 0 {
		return
	}
	if len(b.r) > 0 {
		b.append(Span{Text: "; "})
	}
	for _, s := range header {
		b.append(s.with(Bold))
	}
	if len(header) > 0 {
		b.append(Span{Text: ": "})
	}
	for _, s := range cell {
		b.append(s)
	}
}

// codeRow reads a row of a table of codes.
func (w *walker) codeRow(cols columns, header []Rich, row tableRow) (definition, bool) {
	codes, name := codeCell(slices.Clone(row.cells[cols.code]), cols.declared)
	if len(codes) == 0 {
		cell := row.cells[cols.code].String()
		switch {
		case row.empty():
			w.warn(row.line, "the table row is empty; fill it, or delete it")
		case cell == "":
			w.warn(row.line, "the row has no code and is not used; write the code in its first place, under %q", header[cols.code].String())
		default:
			w.warn(row.line, "%q does not look like a code, so the row is not used; if it is one, write it in `backticks`", abridge(cell))
		}
		return definition{}, false
	}
	var meaning, solution spans
	if text := cols.cell(row, cols.meaning); !strings.HasPrefix(strings.ToLower(text.String()), strings.ToLower(name.String())) {
		meaning.labelled(name, text)
		if len(text) == 0 {
			meaning.line(name)
		}
	} else {
		meaning.line(text)
	}
	solution.line(cols.cell(row, cols.solution))
	for i, cell := range row.cells {
		linked := i == cols.code && slices.ContainsFunc(cell, func(s Span) bool { return s.URL != "" })
		if linked || i != cols.code && i != cols.meaning && i != cols.solution {
			meaning.labelled(header[i], cell)
		}
	}
	return definition{codes: codes, line: row.line, meaning: meaning.rich(), solution: solution.rich()}, true
}

// tableDelimiter is the second line of a table.
var tableDelimiter = regexp.MustCompile(`^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?$`)

// checkTableShape finds paragraphs that were meant as tables.
func (w *walker) checkTableShape(n ast.Node) {
	for i := 1; i < n.Lines().Len(); i++ {
		line := n.Lines().At(i)
		if tableDelimiter.Match(line.Value(w.src)) {
			w.warn(w.lines.line(line.Start), "this is no table, as the header above has another number of columns than this line; give both the same number")
		}
	}
}
