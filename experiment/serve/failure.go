package serve

import (
	"errors"
	"net/http"
)

// code is an error code of the protocol.
type code string

const (
	parseError          code = "PARSE_ERROR"
	targetingKeyMissing code = "TARGETING_KEY_MISSING"
	invalid             code = "INVALID_CONTEXT"
	flagNotFound        code = "FLAG_NOT_FOUND"
	general             code = "GENERAL"
)

// failure is why there is no answer. Its details are for the client alone and speak of what it sent: they are never logged.
type failure struct {
	status  int
	code    code
	details string
}

func (f *failure) Error() string { return f.details }

func invalidContext(details string) *failure {
	return &failure{status: http.StatusBadRequest, code: invalid, details: details}
}

func unreadable(err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, errRange):
		return invalidContext(err.Error())
	}
	return &failure{status: http.StatusBadRequest, code: parseError, details: "the request is not the JSON that is expected: " + err.Error()}
}

// mostEchoed is how much of a flag's key an answer repeats.
const mostEchoed = 256

// appendFailure writes a failure as the protocol has it. One that is about no flag has no key; of a flag that is not found it must be
// there, even when it is empty.
func appendFailure(b []byte, key string, f *failure) []byte {
	b = append(b, '{')
	if key != "" || f.code == flagNotFound {
		b = append(b, `"key":`...)
		b = appendText(b, key[:min(len(key), mostEchoed)])
		b = append(b, ',')
	}
	b = append(b, `"errorCode":"`...)
	b = append(b, f.code...)
	b = append(b, `","errorDetails":`...)
	b = appendText(b, f.details)
	return append(b, '}')
}
