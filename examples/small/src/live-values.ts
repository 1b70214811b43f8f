// node examples/small/src/live-values.ts [URL] [STATION] [SECONDS]: prints the values of one station as they come.
import { connect } from "./connect.ts";

const [server = "http://127.0.0.1:8420", wanted, seconds = "5"] = process.argv.slice(2);
const client = connect(server, "Example");
const line = await client.line();
const station = line.stations.find(({ id }) => (wanted === undefined ? line.constraint === id : id === wanted));
if (!station) throw new Error(`no station ${wanted ?? line.constraint}`);

// #region live
const session = client.live();
session.subscribe([...Object.values(station.signals), ...station.processValues]);
session.on((event) => {
  if (event.kind !== "samples") return;
  const { batch } = event;
  for (let row = 0; row < batch.count; row++) {
    const { name, unit = "" } = session.signals()[batch.signals[row]!]!;
    const time = new Date(batch.sourceTimes[row]! / 1_000).toISOString();
    console.log(
      `${time}  ${name}  ${batch.texts.get(row) ?? batch.values[row]} ${unit}  ${batch.qualities[row] === 0 ? "good" : "not good"}  ${batch.origin}`,
    );
  }
});
// #endregion

await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1_000));
session.close();
