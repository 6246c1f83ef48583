package knowledge

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Read reads the guide at a path: a Markdown file, or a folder whose *.md and
// *.markdown files, at any depth, are one guide in the order of their paths.
// Hidden files and folders are left out; links to files are followed. The
// empty path is the default guide.
//
// The error is that of the file system, or that of [Parse].
func Read(path string) (*Guide, error) {
	if path == "" {
		return Default(), nil
	}
	files, err := load(path)
	if err != nil {
		return nil, err
	}
	return Parse(files...)
}

// load reads the files of the guide at a path.
func load(guide string) ([]File, error) {
	if guide == "" {
		return []File{defaultFile()}, nil
	}
	info, err := os.Stat(guide)
	if err != nil {
		return nil, fmt.Errorf("knowledge: read guide: %w", err)
	}
	if !info.IsDir() {
		src, err := readFile(os.DirFS(filepath.Dir(guide)), filepath.Base(guide))
		return []File{{Name: filepath.ToSlash(guide), Src: src}}, err
	}
	return loadFolder(guide)
}

// loadFolder reads the files of a guide in a folder. It names all that cannot
// be read.
func loadFolder(guide string) ([]File, error) {
	var files []File
	var errs []error
	folder := os.DirFS(guide)
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("knowledge: read guide %q: %w", guide, err))
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir() || !isMarkdown(name) || linksToFolder(folder, name):
		default:
			src, err := readFile(folder, name)
			files, errs = append(files, File{Name: name, Src: src}), append(errs, err)
		}
		return nil
	})
	if len(files) == 0 && err == nil && errors.Join(errs...) == nil {
		err = fmt.Errorf("knowledge: read guide %q: no *.md file in this folder", guide)
	}
	return files, errors.Join(append(errs, err)...)
}

func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

func linksToFolder(folder fs.FS, name string) bool {
	info, err := fs.Stat(folder, name)
	return err == nil && info.IsDir()
}

// readFile reads a file as far as [Parse] will, and a little further, so that
// Parse finds it too large.
func readFile(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, fmt.Errorf("knowledge: read guide: %w", err)
	}
	src, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("knowledge: read guide %q: %w", name, err)
	}
	return src, nil
}
