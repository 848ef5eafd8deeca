package serve

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"liftgate/experiment"
)

// served names the flags that are answered, and what the control of each is worth.
func (s *shop) served() string {
	var all []string
	for _, f := range s.server.library.flags().sorted {
		all = append(all, f.name+"="+string(f.values[f.control]))
	}
	return strings.Join(all, " ")
}

func worth(name, value string) string {
	return define(name, map[string]string{"variants": variants(value, value)})
}

func TestReload(t *testing.T) {
	s := newShop(t, Options{}, worth("a", "1"), worth("b", "1"))
	steps := []struct {
		what   string
		do     func()
		want   string
		broken float64
	}{
		{"nothing", func() {}, "a=1 b=1", 0},
		{"a change", func() { s.put("a", worth("a", "2")) }, "a=2 b=1", 0},
		{"a broken file keeps its flag", func() { s.put("a", "liftgate: 1\nname: [") }, "a=2 b=1", 1},
		{"while others change", func() { s.put("b", worth("b", "2")); s.put("c", worth("c", "1")) }, "a=2 b=2 c=1", 1},
		{"a payload that is no value", func() { s.put("b", worth("b", "[1]")) }, "a=2 b=2 c=1", 2},
		{"mended", func() { s.put("a", worth("a", "3")); s.put("b", worth("b", "3")) }, "a=3 b=3 c=1", 0},
		{"a name that is taken", func() { s.put("d", worth("a", "4")) }, "a=3 b=3 c=1", 1},
		{"also for a file that had another", func() { s.put("c", worth("a", "5")) }, "a=3 b=3 c=1", 2},
		{"missing once", func() { s.remove("a"); s.remove("d") }, "a=3 b=3 c=1", 2},
		{"missing twice: the name is free", func() {}, "a=5 b=3", 0},
		{"names that are swapped", func() { s.put("c", worth("b", "6")); s.put("b", worth("a", "6")) }, "a=6 b=6", 0},
		{"an empty file", func() { s.put("c", "") }, "a=6 b=6", 1},
		{"a file that comes back at once", func() { s.remove("b") }, "a=6 b=6", 1},
		{"", func() { s.put("b", worth("a", "6")) }, "a=6 b=6", 1},
	}
	for _, step := range steps {
		step.do()
		s.server.refresh()
		broken, loaded := s.metric("liftgate_definitions_broken"), s.metric("liftgate_definitions_loaded")
		if got := s.served(); got != step.want || broken != step.broken || int(loaded) != len(strings.Fields(step.want)) {
			t.Errorf("%s: %s are served, %v are broken; want %s, %v", step.what, got, broken, step.want, step.broken)
		}
	}
	for _, say := range []string{"a.yaml:2", "put the list under a key", "a flag has one definition"} {
		if !strings.Contains(s.log.String(), say) {
			t.Errorf("the log does not say %q:\n%s", say, s.log)
		}
	}
	if text := s.get("/metrics").Body.String(); strings.Contains(text, `flag="c"`) || !strings.Contains(text, `liftgate_reloads_total{result="partly"}`) {
		t.Errorf("metrics after reloads:\n%s", text)
	}
}

func TestFolderThatGoesAwayChangesNothing(t *testing.T) {
	s := newShop(t, Options{}, worth("a", "1"))
	if err := os.RemoveAll(s.folder); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.server.refresh()
	}
	if got := s.served(); got != "a=1" || !strings.Contains(s.log.String(), "cannot be looked at") {
		t.Errorf("%s are served; the log says\n%s", got, s.log)
	}
}

func TestFirstLookIsStrict(t *testing.T) {
	for what, c := range map[string]struct {
		definitions []string
		say         string
	}{
		"nothing":   {nil, "there is no definition"},
		"broken":    {[]string{"liftgate: 1\nname: x\n", worth("a", "1")}, "x.yaml"},
		"two names": {[]string{worth("a", "1"), strings.Replace(worth("a", "1"), "\nname: a\n", "\ntitle: b\nname: a\n", 1)}, "a flag has one definition"},
	} {
		folder := t.TempDir()
		for i, d := range c.definitions {
			name := nameIn(d)
			if i > 0 {
				name += fmt.Sprint(i)
			}
			if err := os.WriteFile(filepath.Join(folder, name+".yaml"), []byte(d), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := New(Options{Definitions: []string{folder}, Now: nil})
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: got %v", what, err)
		}
		var problems experiment.Problems
		if positions := errors.As(err, &problems); positions != (what == "broken") {
			t.Errorf("%s: positions: %v", what, positions)
		}
	}
	if _, err := New(Options{Definitions: []string{"nowhere.yaml"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestReloadUnderLoad: at any moment an answer is one of a definition that was there, and no flag is ever missing.
func TestReloadUnderLoad(t *testing.T) {
	s := newShop(t, Options{Exposures: t.TempDir()}, worth("a", "0"), worth("b", "0"))
	done := make(chan struct{})
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				w := s.ask(flagPath+"a", fmt.Sprintf(`{"context":{"targetingKey":"s-%d-%d"}}`, g, i))
				if w.Code != 200 {
					t.Errorf("got %d %s", w.Code, w.Body)
					return
				}
				if w := s.ask(bulkPath, `{"context":{`+inControl+`}}`); strings.Count(w.Body.String(), `"key"`) != 2 {
					t.Errorf("got %d %s", w.Code, w.Body)
					return
				}
				s.get("/metrics")
			}
		})
	}
	for i := range 30 {
		s.put("a", worth("a", fmt.Sprint(i)))
		if i%3 == 0 {
			s.put("b", "broken")
		} else {
			s.put("b", worth("b", fmt.Sprint(i)))
		}
		s.server.refresh()
	}
	close(done)
	group.Wait()
}

// TestMetricsFollowDefinitions: a variant and a flag that are gone are counted no more, also by requests that still know them.
func TestMetricsFollowDefinitions(t *testing.T) {
	s := newShop(t, Options{}, worth("a", "1"), worth("b", "1"))
	old := s.server.library.flags().byName
	s.put("a", strings.ReplaceAll(worth("a", "1"), "amazon_pay", "express"))
	s.remove("b")
	s.server.refresh()
	s.server.refresh()
	for _, f := range old {
		for _, a := range f.answers {
			a.count.Inc()
		}
		f.failed(invalidContext(""))
	}
	text := s.get("/metrics").Body.String()
	if strings.Contains(text, "amazon_pay") || strings.Contains(text, `flag="b"`) || !strings.Contains(text, `variant="express"`) {
		t.Errorf("got\n%s", text)
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
