import { isMessage, message, verbatim, type Message } from "@doppelwerk/messages";
import { AttributeIds, DataType, StatusCodes, Variant, VariantArrayType } from "node-opcua";
import { DoppelwerkError } from "@doppelwerk/world";
import { parseAddress, toNodeIdText } from "../opcua/address.ts";
import { openLink } from "../opcua/link.ts";
import { rawValueOf } from "../opcua/raw-value.ts";
import { opcuaSettings } from "../opcua/settings.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { openSecretStore } from "../secrets/secret-store.ts";
import { rawOf, readUntil, valueOf } from "./read-back.ts";
import type { CommandDriver, CommandValue } from "./write-order.ts";

const INTEGERS: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  [DataType.SByte]: [-128, 127],
  [DataType.Byte]: [0, 255],
  [DataType.Int16]: [-32_768, 32_767],
  [DataType.UInt16]: [0, 65_535],
  [DataType.Int32]: [-2_147_483_648, 2_147_483_647],
  [DataType.UInt32]: [0, 4_294_967_295],
};

/** Write of the attribute Value (Part 4, 5.10.4) in the type the variable has, then Read until it says so. */
export const writeOpcua: CommandDriver = async ({ connection, signal, value, dataDir, settleMs }) => {
  const address = parseAddress(signal.address ?? "");
  if (address === undefined)
    throw new DoppelwerkError("DW_INVALID", message("connectors.addressNotOpcUaIs", { address: signal.address ?? "" }));
  if (address.inside.length > 0) return { kind: "refused", why: message("connectors.partNotWritable") };
  const security = opcuaSettings.parse(connection.settings ?? {});
  const secret = connection.secret === undefined ? undefined : openSecretStore(dataDir).read(connection.secret);
  const link = await openLink({ url: connection.url, dataDir, security, ...(secret === undefined ? {} : { secret }) });
  try {
    const nodeId = toNodeIdText(address, link.namespaces);
    if (nodeId === undefined) return { kind: "refused", why: message("connectors.namespaceUnknown") };
    const read = async () => {
      const answer = await link.session.read({ nodeId, attributeId: AttributeIds.Value });
      return answer.statusCode.isGood() ? valueOf(signal, rawValueOf(answer.value)) : undefined;
    };
    const now = await link.session.read({ nodeId, attributeId: AttributeIds.Value });
    const before = now.statusCode.isGood() ? valueOf(signal, rawValueOf(now.value)) : undefined;
    const stood = before === undefined ? {} : { before };
    const variant = variantOf(now.value, rawOf(signal, value));
    if (isMessage(variant)) return { kind: "refused", why: variant, ...stood };
    let status;
    try {
      status = await link.session.write({ nodeId, attributeId: AttributeIds.Value, value: { value: variant } });
    } catch (error) {
      return { kind: "unknown", why: message("connectors.noAnswerWrite", { reason: reasonOf(error) }), ...stood };
    }
    if (!status.isGood() && !status.equals(StatusCodes.GoodCompletesAsynchronously))
      return { kind: "refused", why: verbatim(status.name), ...stood };
    return { kind: "written", ...stood, ...(await readUntil(signal, value, settleMs, read)) };
  } finally {
    await link.close();
  }
};

/** A message = why the value does not fit what the variable holds. */
function variantOf(present: Variant | undefined, value: CommandValue): Variant | Message {
  const dataType = present?.dataType ?? DataType.Null;
  if (dataType === DataType.Null) return message("connectors.typeToWriteUnknown");
  if (present!.arrayType !== VariantArrayType.Scalar) return message("connectors.variableHoldsArray");
  const range = INTEGERS[dataType];
  if (range !== undefined) {
    if (!Number.isInteger(value))
      return message("connectors.valueOfWrongType", { type: DataType[dataType], given: typeof value === "number" ? value : typeof value });
    if (Number(value) < range[0] || Number(value) > range[1])
      return message("connectors.valueOutOfRange", { value: String(value), type: DataType[dataType] });
    return new Variant({ dataType, value });
  }
  const fits =
    ((dataType === DataType.Double || dataType === DataType.Float) && typeof value === "number") ||
    (dataType === DataType.Boolean && typeof value === "boolean") ||
    (dataType === DataType.String && typeof value === "string");
  return fits
    ? new Variant({ dataType, value })
    : message("connectors.typeNotWrittenAs", { type: DataType[dataType], given: typeof value });
}
