// Package serve answers, over HTTP, which variant a unit gets, for every definition of a folder, and logs who was shown what.
//
// It speaks the OpenFeature Remote Evaluation Protocol, version 1 of the paths (/ofrep/v1) as service/openapi.yaml of
// github.com/open-feature/protocol has it: an experiment is a flag, its name the flag's key, a variant's payload the flag's value.
// The clients @openfeature/ofrep-provider and @openfeature/ofrep-web-provider are tested against it.
//
// # Opinion
//
// A variant that cannot be logged is not given. When the exposure log is full or cannot be written, a request waits for it
// ([Limits].Wait) and then fails with 503: the client shows its default and the unit is in no variant, which biases nothing. A server
// that answered anyway would lose exactly the exposures of the busiest moments.
//
// An exposure is the first time a unit meets its variant. Who asks for one flag is about to act on it: that is logged, for units that
// are assigned or forced. Who asks for all flags prefetches them, and most are never shown: that is not logged, or every experiment
// would be diluted by units that never met it. Such clients report what they showed (POST /v1/exposures); the variant is computed
// again, never believed. The log keeps one record a unit, variant and day.
//
// Attributes are logged as the type that the condition compares them as, others as texts, so that the log can be asked the same again
// (assign --verify, the analysis' assignment check); one that the log cannot hold exactly is an INVALID_CONTEXT. When these types or the
// names of the columns change with a definition, the log goes on in a new file; for the milliseconds of the change its flag answers 503.
//
// A unit without a variant (not eligible, in a holdout, outside the layer's slots or the traffic, not on a design's list) gets the
// control's value, no variant and the protocol's reason DEFAULT; metadata.reason says why. Assigned units have reason SPLIT and,
// where a hash chose, its point in metadata.point, as text, since JavaScript has no 64-bit integers; forced ones TARGETING_MATCH. The
// schedule does not change answers, as it does not change the assignment: the analysis counts the exposures inside it.
//
// A flag has one type, so payloads of several types, and lists, which the protocol has no flags of, are refused at their place in the
// definition. Where only some variants have a payload, the others are answered without a value, for which clients keep the default
// of their own code (the protocol's ADR 6); clients that do not know such answers take them for errors and keep it too. Where no
// variant has one, the value is the variant's name.
//
// A definition that is broken never takes a flag away: the last usable one is kept, per file, and liftgate_definitions_broken counts.
// A file that is gone takes its flag away at the second look, since writing a file anew may take it away for a moment.
//
// # The pipeline
//
// [Listen] refuses addresses that others reach unless there is a token. [Server].ServeHTTP passes a request through origin, path,
// method, token, size and number of requests at work; then the body is scanned in one pass (scan.go), the flag decides (flag.go), the
// exposure is recorded (recorder.go), and bytes that were made when the definition was read are sent. [Server].Serve adds time limits,
// the limit of connections, the looks at the files (library.go) and the stop.
//
// # Requests
//
// The targetingKey is the shopper. The merchant is the attribute that the definition's data name as the cluster; it is needed where
// merchants are randomised, and where the exposure that is logged has a merchant. Conditions read attributes by name, and the shopper
// also by the unit's column. An attribute that a condition compares and that cannot be read as the type it is compared with is an
// INVALID_CONTEXT, not a null: a client that sends age as "old" has a mistake that would silently leave its units out. Attributes that
// no definition uses may be anything. JSON is read strictly: a name that stands twice in a context, half a surrogate pair and text that
// is not UTF-8 are a PARSE_ERROR.
//
// The tag (ETag) of an answer for all flags is a digest of the answer, so it changes when, and only when, the answer does.
//
// # Limits
//
// A request has at most [Limits].Body bytes, 200 attributes, keys of 1,024 bytes and values nested 32 deep; a header 16 KiB. It has to
// arrive within 10 seconds, its header within 5. [Limits].Connections bounds the memory, and with it HTTP/2 is off, whose streams
// would multiply it. More than [Limits].Requests at work get 429. Compressed requests are refused (415).
//
// Scripts of web pages may ask only from origins that are listed (CORS), also where no token is needed: a browser on the server's
// machine must not be a way in. A token that a page uses is public, so give pages a proxy or a token of their own.
//
// Neither tokens nor keys of units nor anything else of a context is logged. /metrics needs a token like everything but /healthz:
// names of experiments and their traffic are nobody's business. Its labels come from definitions, never from requests.
//
// What is answered and not yet durable is lost when the machine fails or the process is killed: at most [Options].Sync and the time of
// a write. One process logs to a folder; a second one is refused.
package serve
