package procedure_test

import (
	"fmt"

	"liftgate/stats/procedure"
)

// A script asks by name, in JSON.
func Example() {
	p, ok := procedure.Find("sample-ratio")
	if !ok {
		fmt.Println("no such procedure")
		return
	}
	out, err := p.Run([]byte(`{"counts": [44700, 45489]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%s\n", p.Summary, out)
	// Output:
	// are the units split by the weights? Pearson's chi-square test
	// {"statistic":6.9024049496058275,"df":1,"p_value":0.008607987810836236,"log_p":-4.7550646915911}
}
