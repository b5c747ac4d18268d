package dev.stillhouse.tools.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts names beside points so that they cover neither points nor each other: near places are tried
 * first, a far one gets a line to its point.
 */
final class Labels {
  private static final double HIGH = 13;
  private static final double[] AWAY = {0, 16, 32, 48, 64, 80};

  private final List<Box> taken = new ArrayList<>();
  private final Box frame;

  /** A rectangle. */
  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean within(Box other) {
      return left >= other.left
          && right <= other.right
          && top >= other.top
          && bottom <= other.bottom;
    }
  }

  /** Labels that stay within a frame. */
  Labels(double left, double top, double right, double bottom) {
    frame = new Box(left, top, right, bottom);
  }

  /** Says that something is drawn there. */
  void point(double x, double y) {
    taken.add(new Box(x - 6, y - 6, x + 6, y + 6));
  }

  /** Adds the name of a point to the chart. */
  void put(Markup chart, double x, double y, String name) {
    double wide = Svg.width(name);
    Box best = null;
    for (double away : AWAY) {
      for (int side = 0; side < 6 && best == null; side++) {
        double left =
            switch (side % 3) {
              case 0 -> x + 9;
              case 1 -> x - 9 - wide;
              default -> x - wide / 2;
            };
        // Beside the point, then above and below it.
        double up = side < 3 ? -away - (side == 2 ? 15 : 0) : away + (side == 5 ? 15 : 0);
        Box box = new Box(left, y - HIGH / 2 + up, left + wide, y + HIGH / 2 + up);
        if (box.within(frame) && taken.stream().noneMatch(box::meets)) {
          best = box;
        }
      }
    }
    if (best == null) { // More points than room: better two names in one place than none.
      best = new Box(x + 9, y - HIGH / 2, x + 9 + wide, y + HIGH / 2);
    }
    taken.add(best);
    double middle = (best.top + best.bottom) / 2;
    if (Math.abs(middle - y) > 16) {
      double near = Math.min(Math.max(x, best.left), best.right);
      chart.add(Svg.line("leader", x, y, near, middle < y ? best.bottom : best.top));
    }
    chart.add(Svg.text("", best.left, best.bottom - 3, name));
  }
}
