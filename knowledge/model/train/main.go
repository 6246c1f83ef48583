// Command train makes model.bin.gz from the corpus, and with -cv prints how well
// the same training does on writers that it was not shown.
//
//	go generate ./knowledge/model
//	go run ./knowledge/model/train -cv
package main

import (
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"

	"apihelp/knowledge/model/internal/blob"
)

func main() {
	log.SetFlags(0)
	dir, err := findDir()
	if err != nil {
		log.Fatal(err)
	}
	c, err := readCorpus(os.DirFS(filepath.Join(dir, "corpus")))
	if err != nil {
		log.Fatal(err)
	}
	if slices.Contains(os.Args[1:], "-cv") {
		if err := crossValidate(os.Stdout, c); err != nil {
			log.Fatal(err)
		}
		return
	}
	packed, err := blob.Pack(fit(c, allBut("")).Bytes())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "model.bin.gz"), packed, 0o644); err != nil {
		log.Fatal(fmt.Errorf("train: write the model: %w", err))
	}
}

// findDir returns the folder of the model: go generate runs in it, people run
// the command in the root of the repository.
func findDir() (string, error) {
	for _, dir := range []string{".", filepath.Join("knowledge", "model")} {
		if _, err := fs.Stat(os.DirFS(dir), "corpus"); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("train: find the folder corpus: %w", fs.ErrNotExist)
}
