// Package flock keeps two processes from writing to one folder at once.
//
// The lock belongs to an open file and goes with it, however its process ends, so that none is ever left behind. There is none on systems
// without flock, such as Windows, and none between machines that share a file system which does not pass locks on.
package flock
