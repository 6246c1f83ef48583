package main

import (
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// elsewhere are the commands of README that something else runs: the tests
// themselves, .ci/run, or a person with a container engine.
var elsewhere = []string{"go run ./cmd/apihelp", "go test ./...", "docker compose up -d"}

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks returns the code blocks of a language.
func blocks(text, lang string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^ *```"+lang+"\n(.*?)^ *```$").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// shell runs a command line in the project's folder, with the program under
// test in place of go run.
func shell(t *testing.T, line string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(line, "go run ./cmd/apihelp", "apihelp"))
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

func TestTheCommandsOfREADMEWork(t *testing.T) {
	ran := 0
	for _, block := range blocks(readme(t), "sh") {
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " #")
			if line = strings.TrimSpace(line); line == "" || slices.Contains(elsewhere, line) {
				continue
			}
			ran++
			if out := shell(t, line); out == "" {
				t.Errorf("%s: no output", line)
			}
		}
	}
	if ran < 5 {
		t.Errorf("ran %d commands, want at least 5: has the form of README changed?", ran)
	}
}

func TestTheTranscriptsOfREADMEAreReal(t *testing.T) {
	transcripts := blocks(readme(t), "console")
	if len(transcripts) == 0 {
		t.Error("README has no transcript")
	}
	for _, transcript := range transcripts {
		command, want, _ := strings.Cut(strings.TrimPrefix(transcript, "$ "), "\n")
		if diff := cmp.Diff(want, shell(t, command)); diff != "" {
			t.Errorf("%s (-README +real):\n%s", command, diff)
		}
	}
}

func TestREADMENamesEverySettingAndPackage(t *testing.T) {
	text := readme(t)
	for i := range reflect.TypeFor[Config]().NumField() {
		names := settingNames(reflect.TypeFor[Config]().Field(i))
		if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(text, "| `"+name+"`") }) {
			t.Errorf("README does not name the setting %v", names)
		}
	}
	for path := range mayImport {
		if strings.Contains(path, "/model/") {
			continue // parts of a package that it names
		}
		if dir := strings.TrimPrefix(path, "apihelp/"); !strings.Contains(text, "| `"+dir+"` |") {
			t.Errorf("README does not say what %s is", dir)
		}
	}
}
