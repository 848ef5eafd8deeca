package simulate

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/experiment/assignment/design"
)

// ListName is the file of the merchants that a design assigns, below the folder of a run.
const ListName = "merchants.csv"

// listColumns are what the list says about a merchant, beside its key: what it is, and how it did in the 90 days before.
var listColumns = []string{"platform", "country", "gmv_90d", "orders_90d", "conversion_90d", "amazon_pay_share_90d"}

// The numbers of the list are what a market of a million shoppers would have shown, with the noise of one quarter.
const (
	listShoppers = 1_000_000
	listVisits   = 90 * 0.06 // of a shopper
	listBasket   = 55.0
	listNoise    = 0.1 // of a logarithm
)

// list is the market as a design sees it.
func (m *market) list() []design.Merchant {
	out := make([]design.Merchant, len(m.merchants))
	before := 0.0
	for i := range m.merchants {
		s := &m.merchants[i]
		share := (m.size[i] - before) / m.size[len(m.size)-1]
		before = m.size[i]
		conversion := logistic(-0.4 + s.conversion + listNoise*s.noise[0])
		orders := math.Round(share * listShoppers * listVisits * conversion)
		value := orders * listBasket * math.Exp(s.basket+listNoise*s.noise[1])
		out[i] = design.Merchant{Key: m.ids[i], Attributes: map[string]expr.Value{
			"platform": expr.TextValue(platforms[s.platform]), "country": expr.TextValue(countries[s.country]),
			"gmv_90d": expr.FloatValue(math.Round(100*value) / 100), "orders_90d": expr.IntValue(int64(orders)),
			"conversion_90d":       expr.FloatValue(rounded(conversion)),
			"amazon_pay_share_90d": expr.FloatValue(rounded(logistic(-1.5 + s.affinity + listNoise*s.noise[2]))),
		}}
	}
	return out
}

func rounded(share float64) float64 { return math.Round(1e4*share) / 1e4 }

// draw assigns the merchants by the definition's design, where it has one.
func (w *world) draw(ctx context.Context, d *experiment.Definition, dir string) error {
	if w.list == nil {
		return nil
	}
	for _, name := range slices.Concat(d.Assignment.Design.Strata, d.Assignment.Design.Balance) {
		if !slices.Contains(listColumns, name) {
			return fmt.Errorf("%s: simulate knows no %s of merchants, it has %s",
				d.Assignment.Design.Path, name, strings.Join(listColumns, ", "))
		}
	}
	if err := vacant(d, dir); err != nil {
		return err
	}
	var err error
	if w.record, err = design.Draw(ctx, d, w.list); err != nil {
		return err
	}
	w.assigner, err = assignment.New(d, w.record)
	return err
}

// vacant fails when the list or the record of a design would replace something, or lie elsewhere.
func vacant(d *experiment.Definition, dir string) error {
	record := d.Assignment.Design.Record
	if !filepath.IsLocal(record) {
		return fmt.Errorf("%s.record: simulate writes below its own folder only, %q lies elsewhere: use a relative path", d.Assignment.Design.Path, record)
	}
	if filepath.Clean(record) == ListName {
		return fmt.Errorf("%s.record: %s is the list of merchants: choose another name", d.Assignment.Design.Path, record)
	}
	for _, name := range []string{ListName, record} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already: choose a folder without it", filepath.Join(dir, name))
		}
	}
	return nil
}

// writeDesign writes the list and what was decided about it, and names the files.
func (w *world) writeDesign(d *experiment.Definition, dir string) ([]string, error) {
	if w.list == nil {
		return nil, nil
	}
	if err := os.WriteFile(filepath.Join(dir, ListName), w.listText(), 0o644); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, d.Assignment.Design.Record)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return []string{ListName, filepath.Clean(d.Assignment.Design.Record)}, w.record.Write(path)
}

func (w *world) listText() []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write(append([]string{"merchant_id"}, listColumns...)) // a buffer takes everything
	for i := range w.list {
		row := []string{w.list[i].Key}
		for _, name := range listColumns {
			row = append(row, plain(w.list[i].Attributes[name]))
		}
		_ = out.Write(row)
	}
	out.Flush()
	return b.Bytes()
}

// plain prints large numbers with all of their digits.
func plain(v expr.Value) string {
	if v.Type == expr.Number {
		return strconv.FormatFloat(v.Number(), 'f', -1, 64)
	}
	return v.Plain()
}
