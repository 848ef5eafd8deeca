package policy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shellBlock is a block of README.md that a reader is invited to run: ```sh. Blocks that need the checkout or other tools are
// marked ```console, and .ci/run runs what they say.
var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program, runs the demo and every command of README.md")
	}
	program := buildProgram(t)
	t.Run("commands", func(t *testing.T) { testCommands(t, program) })
	t.Run("scorecard", func(t *testing.T) { testScorecard(t, program) })
}

// testCommands runs the commands of README.md as a reader would: one after another, in a folder that is empty at first.
func testCommands(t *testing.T, program string) {
	blocks := shellBlock.FindAllStringSubmatch(readFile(t, "README.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("README.md has no ```sh block: a reader wants to see commands that work")
	}
	path := filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH")
	folder := t.TempDir()
	for _, block := range blocks {
		for _, line := range commands(block[1]) {
			cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", line)
			cmd.Dir = folder
			cmd.Env = append(os.Environ(), "PATH="+path, "NO_COLOR=1")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("README.md invites readers to run\n  %s\nwhich fails: %v\n%s", line, err, out)
			}
		}
	}
}

// textBlock is the block of README.md that shows what the demo prints.
var textBlock = regexp.MustCompile("(?ms)^```text\n(.*?)^```$")

// testScorecard holds the scorecard in README.md to what the demo prints today, up to where its files lie.
func testScorecard(t *testing.T, program string) {
	demo := exec.CommandContext(t.Context(), program, "demo")
	demo.Dir = t.TempDir()
	demo.Env = append(os.Environ(), "NO_COLOR=1")
	out, err := demo.Output()
	if err != nil {
		t.Fatal(err)
	}
	printed, _, found := strings.Cut(string(out), "\nReport: ")
	if !found {
		t.Fatalf("the demo does not say where its report is:\n%s", out)
	}
	readme := readFile(t, "README.md")
	block := textBlock.FindStringSubmatchIndex(readme)
	if block == nil {
		t.Fatal("README.md has no ```text block: a reader wants to see a scorecard")
	}
	if shown := readme[block[2]:block[3]]; shown != printed {
		rewrite(t, "README.md", readme[:block[2]]+printed+readme[block[3]:])
		t.Errorf("README.md shows\n%s\nand the demo prints\n%s\nrewrite it with -update, so that readers can trust what they see", shown, printed)
	}
}

// commands joins lines that end in a backslash and leaves out empty ones; comments are bash's affair.
func commands(block string) []string {
	var list []string
	for line := range strings.SplitSeq(strings.ReplaceAll(block, "\\\n", " "), "\n") {
		if strings.TrimSpace(line) != "" {
			list = append(list, line)
		}
	}
	return list
}

// buildProgram returns the path of the program, which is called liftgate.
func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "liftgate")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/liftgate")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// TestLinksInDocuments holds the documents' relative links to files that exist, and their anchors to headings.
func TestLinksInDocuments(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range treeFiles(t) {
		if filepath.Ext(name) != ".md" || isTestdata(name) {
			continue
		}
		text := readFile(t, name)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			switch {
			case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
				continue
			case target == "" && !anchors(text)[anchor]:
				t.Errorf("%s links to its heading #%s, which it does not have", name, anchor)
			case target != "":
				if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), target)); err != nil {
					t.Errorf("%s links to %s, which does not exist", name, target)
				}
			}
		}
	}
}

// anchors are the names of a page's headings: lower case, letters, digits and hyphens.
func anchors(text string) map[string]bool {
	names := map[string]bool{}
	dropped := regexp.MustCompile(`[^a-z0-9 _-]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := dropped.ReplaceAllString(strings.ToLower(m[1]), "")
		names[strings.ReplaceAll(name, " ", "-")] = true
	}
	return names
}
