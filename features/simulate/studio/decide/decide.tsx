import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Empty, ViewOutlet, Waiting, answerOf, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { DecideOnBranch } from "./decide-on-branch.tsx";
import { DecideOnLive } from "./decide-on-live.tsx";
import { decideRoom } from "./slots.ts";
import { useFollowLine } from "./use-follow-line.ts";
import * as simulate from "../../calls.ts";
import "./decide.css";

/** What changes, what it does with how much certainty, and whether the model may be believed. */
export default function Decide(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { detail, run } = useStore(studio.address.store);
  const runs = useLoad(run === undefined ? undefined : answerOf(simulate.listRuns, { params: { branch } }));
  useFollowLine(
    branch,
    runs.value?.find(({ id }) => id === run),
  );
  const empty = useStore(studio.world)?.empty === true;
  const rooms = studio.views.of(decideRoom);
  const room = rooms.find(({ data }) => detail?.startsWith(data.name) === true && (data.onBranch !== true || branch !== LIVE));
  if (empty && room?.data.plantless === undefined)
    return (
      <Empty
        title={t("world.emptyTitle")}
        text={t("world.emptyText")}
        action={t("view.connect")}
        onAction={() => studio.address.go({ view: "connect" })}
      >
        {rooms
          .filter(({ data }) => data.plantless !== undefined)
          .map(({ id, data }) => (
            <Button key={id} variant="subtle" onClick={() => studio.address.go({ detail: data.name })}>
              {t(data.plantless!)}
            </Button>
          ))}
      </Empty>
    );
  if (room !== undefined && detail !== undefined)
    return (
      <ViewOutlet
        key={room.data.followsFork === true ? room.id : `${room.id} ${branch}`}
        view={room}
        at={`${detail} ${branch}`}
        waiting={<Waiting />}
        props={{ branch, detail }}
      />
    );
  return branch === LIVE ? <DecideOnLive /> : <DecideOnBranch key={branch} branch={branch} />;
}
