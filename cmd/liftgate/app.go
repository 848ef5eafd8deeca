package main

import (
	"io"

	"github.com/urfave/cli/v2"
)

const (
	version = "0.1.0"
	engine  = "liftgate " + version + " (native)" // as results and manifests name it
)

// newApp lists the commands. Everything that urfave/cli would decide or print on its own is switched off: arrange orders the
// arguments and finds unknown names, exitCode decides about errors.
func newApp(c *console) *cli.App {
	app := &cli.App{
		Name:                      "liftgate",
		Usage:                     "experiments on Amazon Pay, from the definition to a launch decision",
		UsageText:                 "liftgate COMMAND [options] [arguments]",
		Description:               "\"liftgate demo\" shows the whole way in one command; \"liftgate COMMAND --help\" explains one command.",
		HideHelpCommand:           true,
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		Writer:                    c.stdout,
		ErrWriter:                 io.Discard,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              usage,
		Commands: []*cli.Command{
			demoCommand(c), initCommand(c), checkCommand(c), planCommand(c), assignCommand(c), simulateCommand(c), analyzeCommand(c), reportCommand(c), verifyCommand(c), calibrateCommand(c), serveCommand(c),
			statCommand(c), catalogueCommand(c), schemaCommand(c), versionCommand(c),
		},
	}
	setHelp(app)
	for _, cmd := range app.Commands {
		cmd.OnUsageError = usage
		cmd.HideHelpCommand = true // a file may be called "help"
	}
	return app
}

func usage(_ *cli.Context, err error, _ bool) error { return &usageError{err.Error()} }

// quietFlag is an option of every command that shows progress.
func quietFlag(c *console) cli.Flag {
	return &cli.BoolFlag{Name: "quiet", Usage: "no progress, no notes", Destination: &c.quiet}
}

// one is the only argument of a command, which the usage calls name.
func one(c *cli.Context, name string) (string, error) {
	switch c.NArg() {
	case 1:
		return c.Args().First(), nil
	case 0:
		return "", usagef("%s needs %s; see liftgate %s --help", c.Command.Name, name, c.Command.Name)
	}
	return "", usagef("%s takes one %s, not also %q", c.Command.Name, name, c.Args().Get(1))
}

// none is for commands without arguments.
func none(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("%s takes no arguments, not %q", c.Command.Name, c.Args().First())
	}
	return nil
}
