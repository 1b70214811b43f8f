/** Detail of the address of the page on a wall. */
export const WALL = "wall";
