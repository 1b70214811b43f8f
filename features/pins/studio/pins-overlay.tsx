import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { answerOf, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import * as calls from "../calls.ts";
import type { Pin } from "../contract.ts";
import type {} from "../message-codes.ts";
import { onScreen } from "./on-screen.ts";
import { pinPlace } from "./place-choice.ts";
import "./pins.css";

/** Pins over the 3D world, where they were put; and the choice of a point for a new one. */
export default function PinsOverlay({ viewer }: { readonly viewer: Viewer | undefined }): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const loaded = useLoad(answerOf(calls.list, { query: { branch } }, { kinds: ["pinnedDocument"] }));
  const { choosing, shown } = useStore(pinPlace);
  const pins = (loaded.value ?? []).filter(({ fields }) => fields.point !== undefined);
  useEffect(() => {
    const pin = pins.find(({ id }) => id === shown);
    if (pin?.fields.view !== undefined) viewer?.setView(pin.fields.view);
  }, [shown, viewer, loaded.value]);
  if (viewer === undefined) return null;
  return (
    <>
      {pins.length > 0 && <Marks viewer={viewer} pins={pins} />}
      {choosing !== undefined && (
        <div
          className="dw-pins-choose"
          role="presentation"
          onClick={({ currentTarget, clientX, clientY }) => {
            const box = currentTarget.getBoundingClientRect();
            const hit = viewer.pickAt(clientX - box.left, clientY - box.top);
            if (hit !== undefined) pinPlace.set({ chosen: { station: choosing, point: hit.at, view: viewer.rig.view } });
          }}
        >
          <p role="status">
            {t("pins.choose")}
            <Button size="compact-sm" variant="default" onClick={() => pinPlace.set({})}>
              {t("frame.cancel")}
            </Button>
          </p>
        </div>
      )}
    </>
  );
}

function Marks({ viewer, pins }: { readonly viewer: Viewer; readonly pins: readonly Pin[] }): ReactNode {
  const studio = useStudio();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    const place = (): void => {
      frame = requestAnimationFrame(place);
      const box = host.current;
      if (box === null) return;
      const { camera } = viewer.rig;
      for (const [at, mark] of [...box.children].entries()) {
        const point = pins[at]?.fields.point;
        if (point === undefined) continue;
        const [x, y, isBefore] = onScreen(camera.matrixWorldInverse.elements, camera.projectionMatrix.elements, point);
        const style = (mark as HTMLElement).style;
        style.display = isBefore ? "" : "none";
        style.transform = `translate(${(((x + 1) / 2) * box.clientWidth).toFixed(1)}px, ${(((1 - y) / 2) * box.clientHeight).toFixed(1)}px)`;
      }
    };
    place();
    return () => cancelAnimationFrame(frame);
  }, [viewer, pins]);
  return (
    <div ref={host} className="dw-pins">
      {pins.map(({ id, fields }) => (
        <button
          key={id}
          type="button"
          title={fields.title}
          aria-label={fields.title}
          onClick={() => {
            studio.address.amend({ subject: fields.station, tab: "pinned" } as never);
            pinPlace.set({ shown: id });
          }}
        />
      ))}
    </div>
  );
}
