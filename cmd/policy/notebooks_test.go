package policy

import (
	"encoding/json"
	"path"
	"testing"
)

// notebook is what matters here of the file format of Jupyter, version 4.
type notebook struct {
	Cells []struct {
		Kind    string `json:"cell_type"`
		Run     *int   `json:"execution_count"`
		Outputs []struct {
			Kind string `json:"output_type"`
		} `json:"outputs"`
	} `json:"cells"`
}

// largestNotebook keeps a notebook readable as a page, and the repository small.
const largestNotebook = 1 << 20

func TestNotebooksAreExecuted(t *testing.T) {
	for _, name := range treeFiles(t) {
		if path.Ext(name) != ".ipynb" {
			continue
		}
		text := readFile(t, name)
		if len(text) > largestNotebook {
			t.Errorf("%s has %d bytes, above %d: use smaller pictures", name, len(text), largestNotebook)
		}
		var n notebook
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		ran := 0
		for i, cell := range n.Cells {
			if cell.Kind != "code" {
				continue
			}
			ran++
			if cell.Run == nil || *cell.Run != ran {
				t.Errorf("%s: cell %d was not executed from top to bottom: commit notebooks with their outputs, so that they can be read as pages", name, i+1)
				break
			}
			for _, o := range cell.Outputs {
				if o.Kind == "error" {
					t.Errorf("%s: cell %d ended in an error", name, i+1)
				}
			}
		}
	}
}
