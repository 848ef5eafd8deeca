package untrusted

import "fmt"

// Guard turns a panic of a decoder about damaged data into an error. It cannot see panics of goroutines that do starts.
func Guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged: %v", p)
		}
	}()
	return do()
}
