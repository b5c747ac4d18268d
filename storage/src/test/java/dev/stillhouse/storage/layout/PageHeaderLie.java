package dev.stillhouse.storage.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;

/** Something that a header of a page says and that is not so. */
record PageHeaderLie(String name, Consumer<PageHeader> change) {
  private static final int[] NUMBERS = {
    -1, 0, 1, 7, 1 << 20, 64 << 20, 256 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  static List<PageHeaderLie> all() {
    List<PageHeaderLie> lies = new ArrayList<>();
    for (int number : NUMBERS) {
      lies.add(lie("uncompressed size " + number, h -> h.setUncompressed_page_size(number)));
      lies.add(lie("compressed size " + number, h -> h.setCompressed_page_size(number)));
      lies.add(
          lie(
              "both sizes " + number,
              h -> h.setUncompressed_page_size(number).setCompressed_page_size(number)));
      lies.add(lie("values " + number, h -> values(h, number)));
      lies.add(lie("rows " + number, h -> inner(h, number)));
      lies.add(lie("crc " + number, h -> h.setCrc(number)));
    }
    for (PageType type : PageType.values()) {
      lies.add(lie("type " + type, h -> h.setType(type)));
    }
    for (Encoding encoding : Encoding.values()) {
      lies.add(lie("encoding " + encoding, h -> encoding(h, encoding)));
      lies.add(lie("levels " + encoding, h -> levels(h, encoding)));
    }
    lies.add(lie("no inner header", PageHeaderLie::hollow));
    return lies;
  }

  private static PageHeaderLie lie(String name, Consumer<PageHeader> change) {
    return new PageHeaderLie(name, change);
  }

  private static void values(PageHeader header, int number) {
    if (header.isSetData_page_header()) {
      header.getData_page_header().setNum_values(number);
    } else {
      header.getData_page_header_v2().setNum_values(number);
    }
  }

  /** What only the second version has: rows, nulls, lengths of levels. */
  private static void inner(PageHeader header, int number) {
    if (header.isSetData_page_header_v2()) {
      header
          .getData_page_header_v2()
          .setNum_rows(number)
          .setNum_nulls(number)
          .setDefinition_levels_byte_length(number)
          .setRepetition_levels_byte_length(number);
    }
  }

  private static void encoding(PageHeader header, Encoding encoding) {
    if (header.isSetData_page_header()) {
      header.getData_page_header().setEncoding(encoding);
    } else {
      header.getData_page_header_v2().setEncoding(encoding);
    }
  }

  private static void levels(PageHeader header, Encoding encoding) {
    if (header.isSetData_page_header()) {
      header
          .getData_page_header()
          .setDefinition_level_encoding(encoding)
          .setRepetition_level_encoding(encoding);
    }
  }

  private static void hollow(PageHeader header) {
    header.unsetData_page_header();
    header.unsetData_page_header_v2();
  }
}
