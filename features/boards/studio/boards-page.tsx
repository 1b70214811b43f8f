import type { ReactNode } from "react";
import { useStore, useStudio } from "@doppelwerk/kit/studio";
import { BoardList } from "./board-list.tsx";
import { BoardPage } from "./board-page.tsx";
import { BoardWall } from "./board-wall.tsx";
import "./boards.css";

const WALL = "wall:";

/** The boards, one of them, or some of them in turns on a wall: as the address says. */
export default function BoardsPage(): ReactNode {
  const { detail, branch } = useStore(useStudio().address.store);
  if (detail === undefined) return <BoardList />;
  if (detail.startsWith(WALL))
    return (
      <BoardWall
        ids={detail
          .slice(WALL.length)
          .split(",")
          .filter((id) => id !== "")}
      />
    );
  return <BoardPage key={`${detail} ${branch}`} id={detail} />;
}
