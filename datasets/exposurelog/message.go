package exposurelog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets/untrusted"
)

// endOfStream ends an Arrow IPC stream. A message starts with the same eight bytes, but for the length of its metadata in place of the zeros.
var endOfStream = []byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}

const (
	prefixSize   = 8
	lengthAt     = 4 // of the length of the metadata, in a prefix
	continuation = 0xFFFFFFFF
)

// encoder turns record batches into messages.
type encoder struct {
	head    []byte // what a stream starts with
	buffer  bytes.Buffer
	writer  *ipc.Writer
	started bool
}

func newEncoder(schema *arrow.Schema) (*encoder, error) {
	e := &encoder{}
	empty := ipc.NewWriter(&e.buffer, ipc.WithSchema(schema))
	if err := empty.Close(); err != nil {
		return nil, err
	}
	e.head = bytes.Clone(bytes.TrimSuffix(e.buffer.Bytes(), endOfStream))
	e.writer = ipc.NewWriter(&e.buffer, ipc.WithSchema(schema))
	return e, nil
}

// encode gives the message of a record batch, valid until the next call.
func (e *encoder) encode(r arrow.Record) ([]byte, error) {
	e.buffer.Reset()
	if err := e.writer.Write(r); err != nil {
		return nil, err
	}
	message := e.buffer.Bytes()
	if !e.started {
		message = message[len(e.head):]
		e.started = true
	}
	return message, nil
}

// messages reads the whole messages of a file (an ipc.MessageReader) and believes no length beyond the end of the file.
type messages struct {
	src     io.ReaderAt
	size    int64
	end     int64 // of the last whole message
	sealed  bool  // an end of stream follows
	current *ipc.Message
}

func (m *messages) Retain() {}

func (m *messages) Release() {
	if m.current != nil {
		m.current.Release()
		m.current = nil
	}
}

// Message gives the next message, valid until the next call; io.EOF at the end of the stream, before a write that was not finished and where
// the file is cut.
func (m *messages) Message() (*ipc.Message, error) {
	prefix, err := m.read(m.end, prefixSize)
	if err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(prefix[lengthAt:]))
	switch first := binary.LittleEndian.Uint32(prefix); {
	case first == continuation && length == 0:
		m.sealed = true
		return nil, io.EOF
	case first == 0:
		return nil, io.EOF
	case first != continuation:
		return nil, fmt.Errorf("no message starts at byte %d", m.end)
	}
	meta, err := m.read(m.end+prefixSize, length)
	if err != nil {
		return nil, err
	}
	bodySize, err := untrusted.VerifyMessage(meta)
	if err != nil {
		return nil, fmt.Errorf("the message at byte %d: %w", m.end, err)
	}
	at := m.end + prefixSize + length
	body, err := m.read(at, bodySize)
	if err != nil {
		return nil, err
	}
	m.Release()
	m.current = ipc.NewMessage(memory.NewBufferBytes(meta), memory.NewBufferBytes(body))
	m.end = at + bodySize
	return m.current, nil
}

// read gives n bytes of the file, io.EOF when it has not so many.
func (m *messages) read(at, n int64) ([]byte, error) {
	if n > m.size-at {
		return nil, io.EOF
	}
	b := make([]byte, n)
	if _, err := m.src.ReadAt(b, at); err != nil && n > 0 {
		return nil, err
	}
	return b, nil
}
