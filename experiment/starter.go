package experiment

import (
	"bytes"
	_ "embed"
)

//go:embed catalogue/starter-shopper.yaml
var starterShopper []byte

//go:embed catalogue/starter-merchant.yaml
var starterMerchant []byte

// starterName is the experiment's name in the starters.
const starterName = "my-experiment"

// Starter is a commented definition to start from. Its files and columns are those that simulate writes. The name must be one
// that a definition may have.
func Starter(unit Unit, name string) []byte {
	text := starterShopper
	if unit == Merchant {
		text = starterMerchant
	}
	return bytes.ReplaceAll(text, []byte(starterName), []byte(name))
}
