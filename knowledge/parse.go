package knowledge

import (
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

// A File is the Markdown source of a guide, or of a part of one.
type File struct {
	// Name says where the text comes from: the path as the operator wrote
	// it, or a path relative to the guide's folder, separated by slashes.
	// Faults name it, and so do topic IDs in a guide of several files.
	Name string

	Src []byte
}

// Parse reads a guide. What it contains and the bot cannot use is in the
// guide's Faults. If any of these is fatal there is no guide, and the error
// joins all of them, each a [Fault], in the order of the files. It does not
// keep the sources, and is safe for concurrent use.
func Parse(files ...File) (*Guide, error) {
	d := newDraft(files)
	md := newMarkdown()
	for _, f := range files {
		if src, ok := d.prepare(f); ok {
			d.read(md, f.Name, src)
		}
	}
	return d.finish()
}

// newMarkdown returns a parser of GitHub's Markdown.
func newMarkdown() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(extension.NewLinkifyParser(), 999),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithParagraphTransformers(util.Prioritized(extension.NewTableParagraphTransformer(), 200)),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
}
