package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	tag  = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z0-9-]+(?:="[^"<>]*")?)*)\s*(/?)>`)
	ids  = regexp.MustCompile(`\bid="([^"]*)"`)
	refs = regexp.MustCompile(`\b(?:aria-labelledby|href)="([^"]*)"`)
	void = []string{"meta", "link", "wbr"}
)

// wellFormed checks that every "<" starts a known kind of tag, that tags nest, that names are unique and that what is referred to exists.
func wellFormed(t failer, page string) {
	body, found := strings.CutPrefix(page, "<!doctype html>\n")
	if !found {
		t.Fatalf("no doctype: %.60q", page)
	}
	head, rest, _ := strings.Cut(body, "<style>")
	_, rest, _ = strings.Cut(rest, "</style>")
	body = head + rest
	nested(t, body)
	if left := tag.ReplaceAllString(body, ""); strings.ContainsAny(left, "<>") {
		t.Fatalf("no tag: %.80q", left[max(0, strings.IndexAny(left, "<>")-20):])
	}
	named := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if named[m[1]] {
			t.Fatalf("two elements have the id %q", m[1])
		}
		named[m[1]] = true
	}
	for _, m := range refs.FindAllStringSubmatch(body, -1) {
		for _, id := range strings.Fields(m[1]) {
			if id != "data:," && !named[strings.TrimPrefix(id, "#")] {
				t.Fatalf("%q refers to nothing", id)
			}
		}
	}
}

func nested(t failer, body string) {
	var stack []string
	for _, m := range tag.FindAllStringSubmatch(body, -1) {
		switch name := m[2]; {
		case m[4] == "/" || slices.Contains(void, name):
		case m[1] == "":
			stack = append(stack, name)
		case len(stack) == 0 || stack[len(stack)-1] != name:
			t.Fatalf("</%s> closes %v", name, stack)
		default:
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) > 0 {
		t.Fatalf("not closed: %v", stack)
	}
}

func TestPageIsSelfContained(t *testing.T) {
	for name, r := range cases(t) {
		page := write(t, r, options(HTML))
		wellFormed(t, page)
		for _, never := range []string{"http:", "https:", "//cdn", "<script", "<img", "<iframe", "@import", "src=", " style=", " onclick"} {
			if strings.Contains(page, never) {
				t.Errorf("%s: the page holds %q", name, never)
			}
		}
		for _, always := range []string{"Content-Security-Policy", `lang="en"`, "<main>", "<h1>", `name="viewport"`} {
			if !strings.Contains(page, always) {
				t.Errorf("%s: the page lacks %q", name, always)
			}
		}
	}
}

// Why a sensitivity proves nothing stands below it.
func TestPageSaysWhyASensitivityIsOutside(t *testing.T) {
	r := cases(t)["merchants"]
	for i := range r.Metrics {
		for _, c := range r.Metrics[i].Comparisons {
			for k := range c.Sensitivity {
				c.Sensitivity[k].Outside = "too skewed a sensitivity"
			}
		}
	}
	if page := write(t, r, options(HTML)); !strings.Contains(page, "too skewed a sensitivity") {
		t.Error("the page does not say so")
	}
}

func TestHeadingsDoNotSkipLevels(t *testing.T) {
	heading := regexp.MustCompile(`<h([1-6])`)
	for name, r := range cases(t) {
		level := 0
		for _, m := range heading.FindAllStringSubmatch(write(t, r, options(HTML)), -1) {
			next := int(m[1][0] - '0')
			if next > level+1 {
				t.Errorf("%s: h%d follows h%d", name, next, level)
			}
			level = next
		}
	}
}

func TestPageKeepsTheDefinition(t *testing.T) {
	page := write(t, cases(t)["ship"], options(HTML))
	if want := "name: amazon-pay-express # &lt;b&gt;quoted&lt;/b&gt; &amp; kept as it is"; !strings.Contains(page, want) {
		t.Errorf("the page lacks %q", want)
	}
}
