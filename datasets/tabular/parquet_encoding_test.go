package tabular

import "testing"

// FuzzOffsets finds the texts of a page by offsets and one by one.
func FuzzOffsets(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00a\x00\x00\x00\x00\x02\x00\x00\x00bc"), 3)
	f.Add([]byte("\xff\xff\xff\xff"), 1)
	f.Add([]byte("\xfc\xff\xff\xff\x00\x00\x00\x00"), 2)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 0 || n > len(data) {
			return
		}
		want, wantErr := plainTexts(data, n, nil)
		offsets, err := offsetsOf(data, n, nil)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("got %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		c := Column{Kind: Text, Data: data, Offsets: offsets}
		for i := range want {
			if got := c.Text(i); got != want[i] {
				t.Fatalf("text %d: got %q, want %q", i, got, want[i])
			}
		}
	})
}
