import type { Command } from "commander";
import { addAssistantCommand } from "../../../features/assistant/server/command.ts";
import { addConnectCommand } from "../../../features/connect/server/command.ts";
import { addEdgeCommand } from "../../../features/edge/server/command.ts";
import { addLinksCommand } from "../../../features/links/server/command.ts";
import { addWatchdogCommand } from "../../../features/notifications/server/watchdog/command.ts";
import { addSimulateCommands } from "../../../features/simulate/server/command.ts";
import { addProposeCommand } from "../../../features/auto-twin/server/command.ts";

/** Subcommands that features bring, in this order. They stand apart from the manifests, so that `--help` loads neither schemas nor servers. */
export const productCommands: readonly ((program: Command, logLevel: string) => void)[] = [
  addAssistantCommand,
  addConnectCommand,
  addEdgeCommand,
  addLinksCommand,
  addProposeCommand,
  addSimulateCommands,
  addWatchdogCommand,
];
