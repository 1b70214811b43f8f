import { BinaryStream, DataChangeNotification } from "node-opcua";
import { ValueReader, type HistoryColumns } from "./history-columns.ts";

/** The values of one notification in columns, as they came. */
export interface ChangeColumns extends HistoryColumns {
  readonly handles: Uint32Array;
}

const received = new WeakMap<DataChangeNotification, ChangeColumns>();
const decodeWhole = DataChangeNotification.prototype.decode;

/** The columns of a notification that this process received; undefined for one that was constructed. */
export function changesOf(notification: DataChangeNotification): ChangeColumns | undefined {
  return received.get(notification);
}

/**
 * As with the archive (history-columns.ts) most of what a change costs is the DataValue, the Variant and the two Dates that the library makes of it. A
 * notification received is decoded straight into columns (Part 4, 7.25.2); who wants `monitoredItems` all the same has them decoded then.
 */
DataChangeNotification.prototype.decode = function decode(this: DataChangeNotification, stream: BinaryStream): void {
  const { buffer, length: start } = stream;
  received.set(this, readChanges(stream));
  const diagnostics = stream.readInteger();
  if (diagnostics > 0) {
    received.delete(this);
    stream.length = start;
    return void Reflect.apply(decodeWhole, this, [stream]);
  }
  this.diagnosticInfos = null;
  Object.defineProperty(this, "monitoredItems", {
    configurable: true,
    enumerable: true,
    get: () => {
      const again = new BinaryStream(buffer);
      again.length = start;
      const whole = new DataChangeNotification();
      Reflect.apply(decodeWhole, whole, [again]);
      Object.defineProperty(this, "monitoredItems", { value: whole.monitoredItems, configurable: true, enumerable: true, writable: true });
      return whole.monitoredItems;
    },
  });
};

/** An array of MonitoredItemNotification from the cursor of the stream. Throws RangeError when the message is shorter than it says. */
export function readChanges(stream: BinaryStream): ChangeColumns {
  const declared = stream.readInteger();
  const count = declared < 0 ? 0 : declared;
  const bytes = stream.buffer as Buffer;
  if (count > (bytes.length - stream.length) / 5) throw new RangeError(`${count} changes in ${bytes.length - stream.length} bytes`);
  const values = new ValueReader(stream, count);
  const handles = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    handles[row] = bytes.readUInt32LE(values.position);
    values.position += 4;
    values.read(row);
  }
  stream.length = values.position;
  return Object.assign(values, { handles });
}
