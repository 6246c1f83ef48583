package knowledge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	guideA = "# A\n1. step\n"
	guideB = "# B\n1. step\n"
	broken = "# C\n```\nx\n"
)

// A watched guide and what was reported of it.
type watched struct {
	*Live
	t       *testing.T
	reports chan error
}

// watch starts to watch a guide, which ends with the test.
func watch(t *testing.T, path string) watched {
	t.Helper()
	l, err := NewLive(path)
	if err != nil {
		t.Fatal(err)
	}
	w := watched{Live: l, t: t, reports: make(chan error, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Watch(ctx, func(err error) { w.reports <- err }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got %v from Watch, want nil", err)
		}
	})
	return w
}

// until waits for a report for which ok holds, and fails after a while.
func (w watched) until(what string, ok func(error) bool) error {
	w.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case err := <-w.reports:
			if ok(err) {
				return err
			}
		case <-timeout:
			w.t.Fatalf("got no report of %s, and the guide has %v", what, topicIDs(w.Guide()))
		}
	}
}

func (w watched) untilHas(id string) {
	w.t.Helper()
	w.until(id, func(err error) bool { return err == nil && w.Guide().Entry(id) != nil })
}

func (w watched) untilError() error {
	w.t.Helper()
	return w.until("an error", func(err error) bool { return err != nil })
}

func replace(t *testing.T, src, name string) {
	t.Helper()
	write(t, src, name+".tmp")
	if err := os.Rename(name+".tmp", name); err != nil {
		t.Fatal(err)
	}
}

func relink(t *testing.T, target, name string) {
	t.Helper()
	_ = os.Remove(name + ".tmp")
	if err := os.Symlink(target, name+".tmp"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+".tmp", name); err != nil {
		t.Fatal(err)
	}
}

func TestAChangedFileIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.md")
	write(t, guideA, file)
	w := watch(t, file)
	if w.Guide().Entry("a") == nil {
		t.Fatalf("got %v, want a", topicIDs(w.Guide()))
	}
	write(t, guideB, file)
	w.untilHas("b")
	replace(t, guideA, file)
	w.untilHas("a")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := w.untilError(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
	if w.Guide().Entry("a") == nil {
		t.Errorf("got %v, want the old guide", topicIDs(w.Guide()))
	}
	write(t, guideB, file)
	w.untilHas("b")
}

func TestABrokenEditKeepsTheOldGuide(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.md")
	write(t, guideA, file)
	w := watch(t, file)
	replace(t, "lost\n"+broken, file)
	err := w.untilError()
	for _, want := range []string{"guide.md:1: text before", "guide.md:3: the code block is never closed"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to contain %q", err, want)
		}
	}
	if w.Guide().Entry("a") == nil {
		t.Errorf("got %v, want the old guide", topicIDs(w.Guide()))
	}
	replace(t, guideA, file) // the same as before is good news as well
	w.untilHas("a")
	replace(t, guideB, file)
	w.untilHas("b")
}

func TestAnEditWithFaultsThatAreNotFatalIsTaken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.md")
	write(t, guideA, file)
	w := watch(t, file)
	replace(t, "lost\n"+guideB, file)
	w.untilHas("b")
	if len(w.Guide().Faults) != 1 {
		t.Errorf("got faults %v, want one", w.Guide().Faults)
	}
}

func TestAFolderIsWatchedWithItsFolders(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "guide")
	write(t, guideA, dir, "a.md")
	w := watch(t, dir)
	write(t, guideB, dir, "new", "deep", "b.md")
	w.untilHas("new/deep/b.md#b")
	write(t, "# Later\ntext\n", dir, "new", "deep", "c.md")
	w.untilHas("new/deep/c.md#later")
	if err := os.RemoveAll(filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	w.untilHas("a")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	w.untilError()
	write(t, guideB, dir, "b.md")
	w.untilHas("b")
	write(t, guideA, dir, "b.md") // the folder of the same name is another one
	w.untilHas("a")
}

// Kubernetes mounts a ConfigMap as links through ..data to a hidden folder,
// and changes it by replacing ..data.
func TestASwapOfTheDataLinkIsSeen(t *testing.T) {
	for _, single := range []bool{true, false} {
		dir := t.TempDir()
		write(t, guideA, dir, "..1", "guide.md")
		relink(t, "..1", filepath.Join(dir, "..data"))
		relink(t, "..data/guide.md", filepath.Join(dir, "guide.md"))
		path := dir
		if single {
			path = filepath.Join(dir, "guide.md")
		}
		w := watch(t, path)
		for i, src := range []string{guideB, guideA} {
			next := []string{"..2", "..3"}[i]
			write(t, src, dir, next, "guide.md")
			relink(t, next, filepath.Join(dir, "..data"))
			if err := os.RemoveAll(filepath.Join(dir, []string{"..1", "..2"}[i])); err != nil {
				t.Fatal(err)
			}
			w.untilHas([]string{"b", "a"}[i])
		}
	}
}

func TestTheTargetOfALinkIsWatched(t *testing.T) {
	dir := t.TempDir()
	write(t, guideA, dir, "real", "target.md")
	write(t, "# Other\ntext\n", dir, "guide", "other.md")
	relink(t, "../real/target.md", filepath.Join(dir, "guide", "link.md"))
	w := watch(t, filepath.Join(dir, "guide"))
	write(t, "# More\ntext\n", dir, "guide", "other.md")
	w.untilHas("other.md#more") // from here on all folders are watched
	write(t, guideB, dir, "real", "target.md")
	w.untilHas("link.md#b")
}

func TestARelativePathIsWatched(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, guideA, "a.md")
	w := watch(t, ".")
	replace(t, guideB, "a.md")
	w.untilHas("b")
}

// What changed between NewLive and Watch is not missed.
func TestAnEditBeforeTheWatchIsSeen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.md")
	write(t, guideA, file)
	l, err := NewLive(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, guideB, file)
	ctx, cancel := context.WithCancel(t.Context())
	if err := l.Watch(ctx, func(error) { cancel() }); err != nil {
		t.Fatal(err)
	}
	if l.Guide().Entry("b") == nil {
		t.Errorf("got %v, want b", topicIDs(l.Guide()))
	}
}

// Without any event the guide is read from time to time, and each state of it
// is reported once.
func TestThePollFindsWhatNoEventTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "guide.md")
		write(t, guideA, file)
		l, err := NewLive(file)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var reports []error
		done := make(chan bool)
		go func() {
			l.follow(ctx, nil, func(err error) { reports = append(reports, err) })
			close(done)
		}()
		for _, src := range []string{guideA, guideB, broken, broken} {
			replace(t, src, file)
			time.Sleep(pollEvery)
			synctest.Wait()
		}
		cancel()
		<-done
		if len(reports) != 2 || reports[0] != nil || reports[1] == nil {
			t.Errorf("got reports %v, want a good one and a bad one", reports)
		}
		if l.Guide().Entry("b") == nil {
			t.Errorf("got %v, want b", topicIDs(l.Guide()))
		}
	})
}

func TestTheDefaultGuideNeedsNoWatch(t *testing.T) {
	l, err := NewLive("")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Watch(ctx, func(err error) { t.Errorf("got report %v, want none", err) }); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	if l.Guide().Entry("rate-limiting") == nil {
		t.Errorf("got %v, want the default guide", topicIDs(l.Guide()))
	}
}

func TestABrokenGuideIsNoLiveOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.md")
	if _, err := NewLive(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want %v", err, os.ErrNotExist)
	}
	write(t, broken, file)
	if _, err := NewLive(file); err == nil {
		t.Error("got no error, want the faults")
	}
}
