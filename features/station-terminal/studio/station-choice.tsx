import { Button } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { answerOf, Card, Empty, Failure, inLanguage, useLoad, useScope, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { TerminalStation } from "../contract.ts";
import type {} from "../message-codes.ts";
import { withoutStation } from "./station-title.ts";
import { DeviceMemory } from "./device.ts";

/** Which station this device stands at: chosen once, and remembered by the device. */
export function StationChoice(): ReactNode {
  const { t, language } = useWords();
  const studio = useStudio();
  const { world } = useScope();
  const memory = useMemo(() => new DeviceMemory(world), [world]);
  const loaded = useLoad(answerOf(calls.stations, {}));
  const last = memory.get<string>("station");
  const open = (station: string): void => {
    memory.set("station", station);
    studio.address.go({ detail: `at:${station}` });
  };
  const stations = loaded.value;
  if (stations === undefined)
    return loaded.kind === "failed" ? (
      <div className="dw-ts-setup">
        {last !== undefined && <LastStation station={last} onOpen={open} />}
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      </div>
    ) : (
      <Waiting />
    );
  if (stations.length === 0) return <Empty title={t("stationTerminal.noStations.title")} text={t("stationTerminal.noStations.text")} />;
  return (
    <div className="dw-ts-setup">
      {last !== undefined && <LastStation station={last} onOpen={open} />}
      {linesOf(stations).map((own) => (
        <Card key={own[0]!.line} title={inLanguage(own[0]!.lineTitle, language)}>
          <div className="dw-ts-stations">
            {own.map(({ station, title }) => (
              <Button key={station} variant="default" className="dw-ts-station" onClick={() => open(station)}>
                <span>
                  <b>{station}</b>
                  <span>{withoutStation(station, inLanguage(title, language))}</span>
                </span>
              </Button>
            ))}
          </div>
        </Card>
      ))}
    </div>
  );
}

function LastStation({ station, onOpen }: { readonly station: string; readonly onOpen: (station: string) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Button className="dw-ts-last" size="lg" onClick={() => onOpen(station)}>
      {t("stationTerminal.openAgain", { station })}
    </Button>
  );
}

function linesOf(stations: readonly TerminalStation[]): readonly (readonly TerminalStation[])[] {
  const byLine = new Map<string, TerminalStation[]>();
  for (const each of stations) byLine.set(each.line, [...(byLine.get(each.line) ?? []), each]);
  return [...byLine.values()];
}
