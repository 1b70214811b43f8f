import { countOf } from "@doppelwerk/kit/command";
import { Option, type Command } from "commander";

/** Options of the command that runs a server: where its security log goes, and what files have to pass. */
export function addProtectionOptions(command: Command): Command {
  return command
    .option(
      "--syslog <url>",
      "send the security log to this receiver of syslog (RFC 5424): tls://siem:6514, tcp://siem:601 or udp://siem:514; what it does not take waits",
    )
    .option("--syslog-authority <file>", "authority (PEM) of the certificate of that receiver, instead of those of the system")
    .option("--syslog-certificate <file>", "certificate (PEM) that the receiver is shown")
    .option("--syslog-key <file>", "private key of that certificate (PEM)")
    .addOption(new Option("--alert-sign-ins <n>", "failed sign-ins of an hour that need attention; default: 20").argParser(countOf))
    .option(
      "--ntp <host>",
      "compare the clock with this server of time (NTP) every ten minutes; the state of the server says when it is off",
    )
    .addOption(new Option("--idle-minutes <n>", "minutes without a request after which a session is over; default: 720").argParser(countOf))
    .option(
      "--second-factor",
      "who logs in with a password alone does not administer: an authenticator, a passkey or the company is asked for",
    )
    .option(
      "--scanner <url>",
      "have this malware scanner judge every file before it is stored: clamd://host:3310 or clamd:/run/clamav/clamd.ctl; without an answer nothing is stored",
    )
    .option("--scanner-optional", "store files also where the scanner gives no answer")
    .option(
      "--quota <name=value...>",
      "how much is stored: person-files=100000 person-gb=50 (default), world-files, world-gb (default: no limit but the disk)",
    );
}
