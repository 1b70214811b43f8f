// One order, one process: protocol libraries are loaded here, and it ends with its answer.
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { reasonOf } from "../samples/reason-of.ts";
import { useKeyFileArgument } from "../secrets/key-file-arguments.ts";
import type { Called, CommandDriver, Order, Written, WriteOrder } from "./write-order.ts";

useKeyFileArgument();

async function driverOf({ connection }: WriteOrder): Promise<CommandDriver> {
  if (connection.protocol === "opcua") return (await import("./opcua-driver.ts")).writeOpcua;
  if (connection.protocol === "mqtt") return (await import("./mqtt-driver.ts")).writeMqtt;
  throw new DoppelwerkError("DW_INVALID", message("connectors.protocolNotCommanded", { protocol: connection.protocol }));
}

async function carryOut(order: Order): Promise<Written | Called> {
  try {
    if ("call" in order) {
      if (order.connection.protocol !== "opcua")
        throw new DoppelwerkError("DW_INVALID", message("connectors.protocolWithoutMethods", { protocol: order.connection.protocol }));
      return await (await import("./opcua-call.ts")).callOpcua(order);
    }
    return await (
      await driverOf(order)
    )(order);
  } catch (error) {
    return { kind: "failed", why: reasonOf(error) };
  }
}

process.once("message", (order: Order) => {
  void carryOut(order).then((written) => process.send!(written, () => {}));
});
process.on("disconnect", () => process.exit(0));
