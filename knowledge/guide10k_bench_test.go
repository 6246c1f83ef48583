package knowledge

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkHeapDefault reports what the default guide holds in memory once it
// has answered: the guide with its index, the atlas, the model and the list of
// English words. They are loaded once a process, so run it alone and once:
//
//	go test ./knowledge -run '^$' -bench HeapDefault -benchtime 1x
func BenchmarkHeapDefault(b *testing.B) {
	before := heapInUse()
	g := Default()
	alone := heapInUse() // parsing weighs words and binds concepts: the word list is in it
	g.Match("curl: (28) Operation timed out after 30001 milliseconds, then a 503 and CONN_RESET")
	all := heapInUse()
	for b.Loop() {
	}
	b.ReportMetric(float64(alone-before), "guide-B")
	b.ReportMetric(float64(all-alone), "atlas+model-B")
	b.ReportMetric(float64(all-before), "heap-B")
	runtime.KeepAlive(g)
}

// heapInUse returns the bytes that are reachable.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first only moves what sync.Pools hold to their victims
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkMatch10000Topics asks a guide of 10,000 topics messages of several
// kinds, and reports the median and the 99th percentile of one call.
func BenchmarkMatch10000Topics(b *testing.B) {
	s := newSynthetic(10_000)
	g, err := Parse(s.guide()...)
	if err != nil {
		b.Fatal(err)
	}
	g.Match("CONN_RESET") // loads the atlas and the model
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(s.kinds())) {
		var messages []string
		for range 100 {
			messages = append(messages, s.kinds()[kind]())
		}
		if kind != "trace" {
			all = append(all, messages...)
		}
		b.Run(kind, func(b *testing.B) { matchEach(b, g, messages) })
	}
	b.Run("all-but-trace", func(b *testing.B) { matchEach(b, g, all) })
}

func matchEach(b *testing.B, g *Guide, messages []string) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Match(messages[i%len(messages)])
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-µs")
}

func BenchmarkParse10000Topics(b *testing.B) {
	files := newSynthetic(10_000).guide()
	for b.Loop() {
		if _, err := Parse(files...); err != nil {
			b.Fatal(err)
		}
	}
}

// A synthetic guide is made of English words and of names of things that no
// dictionary has, both as unevenly frequent as words are. It is the same in
// every run.
type synthetic struct {
	random       *rand.Rand
	words, names []string
	wordRank     *rand.Zipf
	nameRank     *rand.Zipf
	titles       []string
	codes        []string
	codeOf       map[int]string // by topic
}

func newSynthetic(topics int) *synthetic {
	random := rand.New(rand.NewPCG(1, 2))
	s := &synthetic{random: random, words: plainWords(), codeOf: map[int]string{}}
	random.Shuffle(len(s.words), func(i, j int) { s.words[i], s.words[j] = s.words[j], s.words[i] })
	s.words = s.words[:8000]
	for range 6000 {
		s.names = append(s.names, s.name())
	}
	s.wordRank = rand.NewZipf(random, 1.1, 20, uint64(len(s.words)-1))
	s.nameRank = rand.NewZipf(random, 1.05, 200, uint64(len(s.names)-1))
	for i := range topics {
		s.titles = append(s.titles, s.oneName()+" "+s.some(2+random.IntN(3)))
		if i%5 == 0 {
			s.codeOf[i] = fmt.Sprintf("%s_%s", strings.ToUpper(s.oneName()), strings.ToUpper(s.oneWord()))
			s.codes = append(s.codes, s.codeOf[i])
		}
	}
	return s
}

func plainWords() []string {
	var words []string
	for _, w := range slices.Sorted(maps.Keys(vocables())) {
		if ordinary(w) > 10 && len(w) >= 4 {
			words = append(words, w)
		}
	}
	return words
}

// name makes up a word of two to four syllables.
func (s *synthetic) name() string {
	var b strings.Builder
	for range 2 + s.random.IntN(3) {
		b.WriteByte("bcdfghklmnprstvwz"[s.random.IntN(17)])
		b.WriteByte("aeiou"[s.random.IntN(5)])
	}
	b.WriteByte("lmnrstx"[s.random.IntN(7)])
	return b.String()
}

func (s *synthetic) oneWord() string { return s.words[s.wordRank.Uint64()] }
func (s *synthetic) oneName() string { return s.names[s.nameRank.Uint64()] }

// some returns n words, every sixth of them a name.
func (s *synthetic) some(n int) string {
	out := make([]string, n)
	for i := range out {
		if out[i] = s.oneWord(); s.random.IntN(6) == 0 {
			out[i] = s.oneName()
		}
	}
	return strings.Join(out, " ")
}

// guide returns the sources: topics with four steps, one in five with a code,
// a thousand a file, and a table of statuses.
func (s *synthetic) guide() []File {
	files := []File{{Name: "statuses.md", Src: []byte("# Statuses\n\n| Code | Meaning |\n|---|---|\n| 403 | Forbidden |\n| 429 | Rate Limited |\n| 503 | Service Unavailable |\n")}}
	for first := 0; first < len(s.titles); first += 1000 {
		var b strings.Builder
		for i := first; i < min(first+1000, len(s.titles)); i++ {
			fmt.Fprintf(&b, "\n# %s\n\n%s.\n\n", s.titles[i], s.some(12))
			for n := range 4 {
				fmt.Fprintf(&b, "%d. %s\n", n+1, s.some(8))
			}
			if code, ok := s.codeOf[i]; ok {
				fmt.Fprintf(&b, "\n- `%s`: %s\n", code, s.some(6))
			}
		}
		files = append(files, File{Name: fmt.Sprintf("part%d.md", first/1000), Src: []byte(b.String())})
	}
	return files
}

// kinds are the ways in which the messages are made.
func (s *synthetic) kinds() map[string]func() string {
	title := func() string { return s.titles[s.random.IntN(len(s.titles))] }
	code := func() string { return s.codes[s.random.IntN(len(s.codes))] }
	return map[string]func() string{
		"title":     func() string { return "since monday we have trouble with " + title() + " in production, what now" },
		"code":      func() string { return "our nightly job logs " + code() + " every few minutes" },
		"code-typo": func() string { return "our nightly job logs " + misspell(s.random, code()) + " every few minutes" },
		"typos": func() string {
			return "the API gives an error about " + misspell(s.random, title()) + " and " + misspell(s.random, s.oneName())
		},
		"words":   func() string { return "we see " + s.some(12) + " when we call the endpoint" },
		"status":  func() string { return "HTTP 429 Too Many Requests from the " + s.oneName() + " service" },
		"native":  func() string { return "dial tcp: lookup " + s.oneName() + ".internal: no such host" },
		"chatter": func() string { return "does anybody know a good place for lunch near the " + s.oneWord() + " office" },
		"trace":   func() string { return trace(s) },
	}
}

// trace is 4 KB of a stack trace with names of its own.
func trace(s *synthetic) string {
	var b strings.Builder
	b.WriteString("java.net.SocketTimeoutException: Read timed out\n")
	for b.Len() < 4<<10 {
		fmt.Fprintf(&b, "\tat com.%s.%s.%s(%s.java:%d)\n", s.oneName(), s.name(), s.oneWord(), s.name(), s.random.IntN(900))
	}
	return b.String()
}

// misspell swaps two neighbouring letters in the middle of a text.
func misspell(random *rand.Rand, text string) string {
	i := 2 + random.IntN(len(text)-4)
	return text[:i] + text[i+1:i+2] + text[i:i+1] + text[i+2:]
}
