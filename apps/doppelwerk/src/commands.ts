import type { Command } from "commander";
import { addEdgeCommand } from "../../../features/edge/server/command.ts";
import { addSimulateCommands } from "../../../features/simulate/server/command.ts";

/** Subcommands that features bring. They stand apart from the manifests, so that `--help` loads neither schemas nor servers. */
export const productCommands: readonly ((program: Command, logLevel: string) => void)[] = [addEdgeCommand, addSimulateCommands];
