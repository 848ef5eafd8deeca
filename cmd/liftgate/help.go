package main

import "github.com/urfave/cli/v2"

// The help texts. Every one ends with the exit codes.
const (
	appHelp = `{{.Name}}: {{.Usage}}

Usage: {{.UsageText}}

{{.Description}}

Commands:{{range .VisibleCommands}}
  {{.Name}}{{"\t"}}{{.Usage}}{{end}}
  help COMMAND{{"\t"}}explains one command
`
	commandHelp = `{{.HelpName}}: {{.Usage}}

Usage: {{.HelpName}}{{if .ArgsUsage}} {{.ArgsUsage}}{{end}}{{if .VisibleFlags}} [options]{{end}}

{{.Description}}

Options, before or after the arguments:{{range .VisibleFlags}}
  {{.}}{{end}}
`
	commonCodes = `
Exit codes:
  0    done
  1    the content of a file, or the run, failed
  2    wrong usage, or a mistake in the definition
`
	decisionCodes = `  10   with --exit-code: the decision is SHIP
  11   with --exit-code: any other decision
`
	interruptedCode = `  130  interrupted; nothing was written
`
	stoppedCode = `Ended by Ctrl-C or SIGTERM it exits with 0, with 1 when exposures were lost.
`
)

// setHelp gives the app and its commands their help texts.
func setHelp(app *cli.App) {
	app.CustomAppHelpTemplate = appHelp + commonCodes + interruptedCode
	for _, cmd := range app.Commands {
		codes := commonCodes
		switch cmd.Name {
		case "analyze":
			codes += decisionCodes + interruptedCode
		case "serve":
			codes += stoppedCode
		default:
			codes += interruptedCode
		}
		cmd.CustomHelpTemplate = commandHelp + codes
		for _, f := range cmd.Flags {
			if b, ok := f.(*cli.BoolFlag); ok {
				b.DisableDefaultText = true
			}
		}
	}
}
