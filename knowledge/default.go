package knowledge

import _ "embed"

// defaultName is the default guide's name in messages.
const defaultName = "troubleshooting-guide.md"

//go:embed troubleshooting-guide.md
var defaultSource []byte

// Default returns the guide that is part of the program. Each call reads it
// anew, in about two milliseconds.
func Default() *Guide {
	g, err := Parse(defaultFile())
	if err != nil {
		panic("knowledge: the embedded guide: " + err.Error())
	}
	return g
}

func defaultFile() File { return File{Name: defaultName, Src: defaultSource} }
