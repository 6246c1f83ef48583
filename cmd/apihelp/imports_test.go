package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is who may import whom: everything points from the edge to the
// middle, nothing sideways. A package that is missing here fails the test.
var mayImport = map[string][]string{
	"apihelp/cmd/apihelp":      {"apihelp/adapters/console", "apihelp/adapters/discord", "apihelp/adapters/slack", "apihelp/adapters/webhook", "apihelp/bot", "apihelp/bot/check", "apihelp/bot/check/credential", "apihelp/knowledge", "apihelp/sessions"},
	"apihelp/adapters/console": {"apihelp/bot"},
	"apihelp/adapters/webhook": {"apihelp/bot"},
	"apihelp/adapters/discord": {"apihelp/adapters/discord/gateway", "apihelp/bot"},
	"apihelp/adapters/slack":   {"apihelp/bot"},

	"apihelp/adapters/discord/gateway":            nil,
	"apihelp/adapters/discord/discordtest":        nil, // so that it can't share a mistake with the adapter
	"apihelp/adapters/discord/discordtest/limits": nil,

	"apihelp/bot":                  {"apihelp/bot/check", "apihelp/bot/check/credential", "apihelp/knowledge", "apihelp/sessions"},
	"apihelp/bot/check":            {"apihelp/bot/check/credential"},
	"apihelp/bot/check/credential": nil,
	"apihelp/bot/check/lab":        nil,
	"apihelp/knowledge":            {"apihelp/knowledge/atlas", "apihelp/knowledge/model", "apihelp/knowledge/paste"},
	"apihelp/knowledge/atlas":      nil,
	"apihelp/knowledge/model":      {"apihelp/knowledge/model/internal/blob"},
	"apihelp/knowledge/paste":      nil,
	"apihelp/sessions":             nil,

	"apihelp/adapters/adaptertest":              {"apihelp/bot"},
	"apihelp/adapters/slack/slacktest":          nil, // so that it can't share a mistake with the adapter
	"apihelp/adapters/slack/slacktest/blockkit": nil,

	"apihelp/knowledge/model/train":            {"apihelp/knowledge/model/internal/blob", "apihelp/knowledge/model/internal/feature"},
	"apihelp/knowledge/model/internal/blob":    {"apihelp/knowledge/model/internal/feature"},
	"apihelp/knowledge/model/internal/feature": nil,
}

// owner is the one package that may import an outside module.
var owner = map[string][]string{
	"github.com/redis/go-redis/":           {"apihelp/sessions"},
	"github.com/alicebob/miniredis/":       {"apihelp/sessions"},
	"github.com/yuin/goldmark":             {"apihelp/knowledge"},
	"github.com/fsnotify/fsnotify":         {"apihelp/knowledge"},
	"github.com/blevesearch/snowballstem":  {"apihelp/knowledge"},
	"github.com/kelseyhightower/envconfig": {"apihelp/cmd/apihelp"},
	"github.com/spf13/cobra":               {"apihelp/cmd/apihelp"},
	"github.com/schollz/progressbar":       {"apihelp/cmd/apihelp"},
	"golang.org/x/term":                    {"apihelp/cmd/apihelp"},
	"github.com/prometheus/client_golang":  {"apihelp/bot", "apihelp/cmd/apihelp"},
	"github.com/slack-go/slack":            {"apihelp/adapters/slack"},
	"github.com/gorilla/websocket":         {"apihelp/adapters/discord/gateway", "apihelp/adapters/discord/discordtest", "apihelp/adapters/slack", "apihelp/adapters/slack/slacktest"},
	"github.com/bwmarrin/discordgo":        {"apihelp/adapters/discord"},
	"github.com/santhosh-tekuri":           {"apihelp/adapters/discord/discordtest"},
	"golang.org/x/time":                    {"apihelp/adapters/discord", "apihelp/bot/check"},
	"go.yaml.in/yaml":                      {},
	"golang.org/x/sync":                    {"apihelp/adapters/discord/gateway", "apihelp/adapters/slack", "apihelp/cmd/apihelp"},
	"flag":                                 {},
	"os/signal":                            {"apihelp/cmd/apihelp"},
	"github.com/sony/gobreaker":            {"apihelp/bot/check"},
	"net/http": {"apihelp/adapters/webhook", "apihelp/bot/check", "apihelp/bot/check/lab", "apihelp/adapters/discord", "apihelp/adapters/discord/gateway", "apihelp/adapters/discord/discordtest",
		"apihelp/adapters/slack", "apihelp/adapters/slack/slacktest", "apihelp/cmd/apihelp", "apihelp/knowledge"},
	"github.com/google/go-cmp":        {},
	"pgregory.net/rapid":              {},
	"go.uber.org/goleak":              {},
	"github.com/rogpeppe/go-internal": {},
	"testing":                         {"apihelp/adapters/adaptertest", "apihelp/bot/check/lab"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "apihelp/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	packages := listPackages(t)
	if len(packages) < len(mayImport) {
		t.Errorf("got %d packages, the table has %d", len(packages), len(mayImport))
	}
	for _, p := range packages {
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of this test", p.ImportPath)
		}
		for _, path := range p.Imports {
			if strings.HasPrefix(path, "apihelp/") && !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
			for module, owners := range owner {
				if (path == module || strings.HasPrefix(path, strings.TrimSuffix(module, "/")+"/")) && !slices.Contains(owners, p.ImportPath) {
					t.Errorf("%s imports %s, which belongs to %v", p.ImportPath, path, owners)
				}
			}
		}
	}
}
