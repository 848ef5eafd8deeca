// Package durable makes what was written survive a loss of power.
//
// A file that is flushed is whole afterwards, but found only once the folder that names it is flushed, too. What a disk keeps to itself,
// nobody can flush.
package durable
