/* Fonts: the first pass notes which glyphs each font gives; HarfBuzz cuts a font of just these, cairo embeds that.
** Cairo's own way would read 20 MB a font and document, and keep the places of 65,535 unused subroutines: four times
** the size, three times the time. (Keeping the glyphs' numbers would cost HarfBuzz ten times as much.) */
#include <cairo-ft.h>
#include <hb-subset.h>

#include FT_FREETYPE_H

#include "aux/helper/pdf.h"

struct font {
    hb_face_t *face;
    hb_set_t *glyphs;
    hb_map_t *renumbered;   /* glyph → glyph of the cut font */
    cairo_font_face_t *cut; /* NULL until wanted, or when the font cannot be cut: then pango draws */
    bool tried;
};

/* What the FT face stands on. */
struct cut {
    FT_Face ft;
    hb_blob_t *blob;
};

static FT_Library library; /* once per process, like pango's font map */
static const cairo_user_data_key_t CUT_KEY;
static hb_user_data_key_t BARE_KEY;

static void
font_free(gpointer p)
{
    struct font *font = p;
    if (font->cut)
        cairo_font_face_destroy(font->cut);
    hb_map_destroy(font->renumbered);
    hb_set_destroy(font->glyphs);
    hb_face_destroy(font->face);
    g_free(font);
}

GPtrArray *
fonts_new(void)
{
    return g_ptr_array_new_with_free_func(font_free);
}

static struct font *
font_of(struct flow *f, PangoFont *pango)
{
    hb_face_t *face = hb_font_get_face(pango_font_get_hb_font(pango));
    for (guint i = 0; i < f->fonts->len; i++) {
        struct font *font = g_ptr_array_index(f->fonts, i);
        if (font->face == face)
            return font;
    }
    struct font *font = g_new0(struct font, 1);
    font->face = hb_face_reference(face);
    font->glyphs = hb_set_create();
    g_ptr_array_add(f->fonts, font);
    return font;
}

void
font_note(struct flow *f, PangoFont *pango, const PangoGlyphString *glyphs)
{
    struct font *font = font_of(f, pango);
    for (int i = 0; i < glyphs->num_glyphs; i++)
        if (!(glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) && glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY)
            hb_set_add(font->glyphs, glyphs->glyphs[i].glyph);
}

static void
cut_free(void *p)
{
    struct cut *cut = p;
    FT_Done_Face(cut->ft);
    hb_blob_destroy(cut->blob);
    g_free(cut);
}

static hb_blob_t *
bare_table(hb_face_t *face, hb_tag_t tag, void *full)
{
    static const char keep[][5] = {"head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "CFF "};
    (void)face;
    for (size_t i = 0; i < G_N_ELEMENTS(keep); i++)
        if (tag == hb_tag_from_string(keep[i], 4))
            return hb_face_reference_table(full, tag);
    return NULL;
}

static void
face_unref(void *face)
{
    hb_face_destroy(face);
}

/* FACE without the tables that HarfBuzz would work through in vain (characters, layout), kept with it for the
** next time. It must not hold a reference to FACE: FACE holds it. */
static hb_face_t *
face_bare(hb_face_t *face)
{
    hb_face_t *bare = hb_face_get_user_data(face, &BARE_KEY);
    if (!bare) {
        bare = hb_face_create_for_tables(bare_table, face, NULL);
        hb_face_set_user_data(face, &BARE_KEY, bare, face_unref, TRUE);
    }
    return bare;
}

/* The font with only the noted glyphs, as a file in memory; NULL when HarfBuzz cannot. */
static hb_blob_t *
font_subset(struct font *font)
{
    hb_subset_input_t *in = hb_subset_input_create_or_fail();
    if (!in)
        return NULL;
    hb_set_union(hb_subset_input_glyph_set(in), font->glyphs);
    hb_subset_input_set_flags(in, HB_SUBSET_FLAGS_DESUBROUTINIZE | HB_SUBSET_FLAGS_NO_HINTING);
    hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(face_bare(font->face), in);
    hb_subset_input_destroy(in);
    hb_face_t *small = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    hb_blob_t *blob = NULL;
    if (small) {
        font->renumbered = hb_map_copy(hb_subset_plan_old_to_new_glyph_mapping(plan));
        blob = hb_face_reference_blob(small);
    }
    hb_face_destroy(small);
    hb_subset_plan_destroy(plan);
    return blob;
}

static bool
is_cff(const struct font *font)
{
    hb_blob_t *table = hb_face_reference_table(font->face, HB_TAG('C', 'F', 'F', ' '));
    bool yes = hb_blob_get_length(table) > 0;
    hb_blob_destroy(table);
    return yes;
}

static void
font_cut(struct font *font)
{
    unsigned length;
    if (!is_cff(font) || (!library && FT_Init_FreeType(&library) != 0))
        return;
    hb_blob_t *blob = font_subset(font);
    const char *data = blob ? hb_blob_get_data(blob, &length) : NULL;
    struct cut *cut = g_new0(struct cut, 1);
    cut->blob = blob;
    if (!data || FT_New_Memory_Face(library, (const FT_Byte *)data, (FT_Long)length, 0, &cut->ft) != 0) {
        hb_blob_destroy(blob);
        g_free(cut);
        return;
    }
    font->cut = cairo_ft_font_face_create_for_ft_face(cut->ft, 0);
    if (cairo_font_face_set_user_data(font->cut, &CUT_KEY, cut, cut_free) != CAIRO_STATUS_SUCCESS) {
        cairo_font_face_destroy(font->cut);
        font->cut = NULL;
        cut_free(cut);
    }
}

bool
font_take(struct flow *f, PangoFont *pango, struct font_cut *ret)
{
    struct font *font = font_of(f, pango);
    if (!font->tried)
        font_cut(font);
    font->tried = true;
    *ret = (struct font_cut){font->cut, font->renumbered};
    return font->cut != NULL;
}
