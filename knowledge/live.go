package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long a guide must be left alone before it is read:
	// editors and deployments change a file in several steps.
	settle = 200 * time.Millisecond

	// pollEvery is how often the guide is read without any event, for
	// network file systems, which have none.
	pollEvery = 30 * time.Second
)

// A Live is the current guide at a path. All methods are safe for concurrent
// use; only one [Live.Watch] may run at a time.
type Live struct {
	path     string
	absolute string // path, as events name it
	guide    atomic.Pointer[Guide]
	seen     string // fingerprint of what was read last; Watch's own
}

// NewLive reads the guide at a path, as [Read] does. It stays as it is until
// Watch runs.
func NewLive(path string) (*Live, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("knowledge: find guide %q: %w", path, err)
	}
	files, err := load(path)
	if err != nil {
		return nil, err
	}
	l := &Live{path: path, absolute: absolute}
	l.seen = fingerprint(files, nil)
	g, err := Parse(files...)
	if err != nil {
		return nil, err
	}
	l.guide.Store(g)
	return l, nil
}

// Guide returns the current guide, never nil.
func (l *Live) Guide() *Guide { return l.guide.Load() }

// Watch keeps the guide current until ctx is done, and then returns nil. After
// each change it calls report, never twice at a time: with nil if the changed
// guide is now the current one, or else with all that is wrong, in which case
// the guide stays as it was. What keeps Watch from hearing of changes at once
// is reported, too; it then looks from time to time.
//
// There is nothing to watch about the default guide.
func (l *Live) Watch(ctx context.Context, report func(error)) error {
	if l.path == "" {
		<-ctx.Done()
		return nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		report(fmt.Errorf("knowledge: watch guide %q, which is now read every %v only: %w", l.path, pollEvery, err))
		l.follow(ctx, nil, report)
		return nil
	}
	l.follow(ctx, w, report)
	if err := w.Close(); err != nil {
		return fmt.Errorf("knowledge: stop watching guide %q: %w", l.path, err)
	}
	return nil
}

// follow reloads the guide after events of w, which may be nil, and now and
// then without.
func (l *Live) follow(ctx context.Context, w *fsnotify.Watcher, report func(error)) {
	var events <-chan fsnotify.Event
	var faults <-chan error
	if w != nil {
		events, faults = w.Events, w.Errors
	}
	look := func() {
		if w != nil {
			l.watchFolders(w) // first, so that no change falls between the two
		}
		l.reload(report)
	}
	look()
	quiet := time.NewTimer(settle)
	quiet.Stop()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if l.concerns(e) {
				quiet.Reset(settle)
			}
		case err := <-faults:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				report(fmt.Errorf("knowledge: watch guide %q: %w", l.path, err))
			}
			quiet.Reset(settle)
		case <-quiet.C:
			look()
		case <-poll.C:
			look()
		}
	}
}

// concerns reports whether an event may be about the guide. In the folder
// that the guide's folder stands in, other things happen.
func (l *Live) concerns(e fsnotify.Event) bool {
	info, err := os.Stat(l.absolute)
	folder := err == nil && info.IsDir()
	return !folder || e.Name == l.absolute || filepath.Dir(e.Name) != filepath.Dir(l.absolute)
}

// reload reads the guide if it changed since it was read last, for better or
// worse.
func (l *Live) reload(report func(error)) {
	files, err := load(l.path)
	print := fingerprint(files, err)
	if print == l.seen {
		return
	}
	l.seen = print
	if err != nil {
		report(err)
		return
	}
	g, err := Parse(files...)
	if err != nil {
		report(err)
		return
	}
	l.guide.Store(g)
	report(nil)
}

// fingerprint tells one state of a guide from another.
func fingerprint(files []File, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	h := sha256.New()
	size := func(n int) { h.Write(binary.AppendUvarint(nil, uint64(n))) }
	for _, f := range files {
		size(len(f.Name))
		h.Write([]byte(f.Name))
		size(len(f.Src))
		h.Write(f.Src)
	}
	return string(h.Sum(nil))
}

// watchFolders watches the folders that a change of the guide shows in: files
// are replaced as often as they are written, so it is folders that are
// watched. Watching a folder again is free, and needed when it was deleted
// and made anew. What cannot be watched, the poll finds.
func (l *Live) watchFolders(w *fsnotify.Watcher) {
	watch := func(folder string) { _ = w.Add(folder) }
	watchTarget := func(file string) {
		if target, err := filepath.EvalSymlinks(file); err == nil && target != file {
			watch(filepath.Dir(target))
		}
	}
	watch(filepath.Dir(l.absolute))
	watchTarget(l.absolute)
	root := l.absolute + string(filepath.Separator) // follows a link to a folder
	_ = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case e.IsDir() && name != root && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir():
			watch(name)
		case e.Type()&fs.ModeSymlink != 0 && isMarkdown(name):
			watchTarget(name)
		}
		return nil
	})
}
