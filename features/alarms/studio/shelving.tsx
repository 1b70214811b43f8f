import { createContext, useContext, useState } from "react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import { useStudio } from "@doppelwerk/kit/studio";
import { shelve, takeOutOfService } from "../calls.ts";
import { offeredActs } from "./offered-acts.ts";
import { ShelveDialog } from "./shelve-dialog.tsx";
import { useAct } from "./use-act.ts";

const Asked = createContext<(alarm: AlarmItem) => void>(() => undefined);

const SetAside = createContext<ReadonlySet<string>>(new Set());

/** Rules whose alarms the reader shelved or took out of service in the list around. */
export function useSetAside(): ReadonlySet<string> {
  return useContext(SetAside);
}

/** Opens the shelving of an alarm, in the list around. */
export function useShelving(): (alarm: AlarmItem) => void {
  return useContext(Asked);
}

/** A list of alarms whose shelving stays open while somebody writes the reason, also when the alarm leaves the list meanwhile. */
export function Shelving({ children }: { readonly children: ReactNode }): ReactNode {
  const { client } = useStudio();
  const act = useAct();
  const [alarm, ask] = useState<AlarmItem | undefined>(undefined);
  const [setAside, add] = useState<ReadonlySet<string>>(new Set());
  return (
    <Asked value={ask}>
      <SetAside value={setAside}>{children}</SetAside>
      {alarm !== undefined && (
        <ShelveDialog
          alarm={alarm}
          canShelve={offeredActs(alarm.state).includes("shelve")}
          onClose={() => ask(undefined)}
          onReason={(shelvedFor, reason) => {
            const params = { id: alarm.id };
            add(new Set([...setAside, alarm.rule]));
            act(
              shelvedFor === "outOfService"
                ? takeOutOfService(client, { params, body: { reason } })
                : shelve(client, { params, body: { reason, untilS: shelvedFor * 60 } }),
            );
          }}
        />
      )}
    </Asked>
  );
}
