#include "view/prompt.h"

#include "base/mem.h"

void prompt_init(struct prompt *p)
{
	*p = (struct prompt){.kind = PROMPT_NONE};
	for (int i = 0; i < PROMPT_COUNT; i++)
		line_init(&p->line[i]);
	p->line[PROMPT_SQL].multiline = true;
}

void prompt_clear(struct prompt *p)
{
	prompt_close(p);
	for (int i = 0; i < PROMPT_COUNT; i++)
		line_clear(&p->line[i]);
}

void prompt_open(struct prompt *p, enum prompt_kind kind, char *label, char *before)
{
	prompt_close(p);
	p->kind = kind;
	p->label = label;
	p->before = before;
	line_set(&p->line[kind], "");
	p->line[kind].place = p->line[kind].n_history;
}

void prompt_close(struct prompt *p)
{
	mem_free(p->label);
	mem_free(p->before);
	mem_free(p->choices);
	p->label = p->before = p->choices = NULL;
	p->kind = PROMPT_NONE;
}

const char *prompt_text(const struct prompt *p)
{
	return line_text(&p->line[p->kind]);
}

void prompt_draw(struct prompt *p, struct cells *c, int y)
{
	int x;

	cells_fill(c, y, 0, c->w, ROLE_DEFAULT, ' ');
	x = cells_fit(c, y, 0, c->w - (p->kind == PROMPT_KEY ? 1 : 8),
	    p->kind == PROMPT_KEY ? ROLE_WARN : ROLE_HEADER, p->label ? p->label : "");
	if (p->kind == PROMPT_KEY) {
		c->cursor_y = y;
		c->cursor_x = x;
		return;
	}
	line_draw(&p->line[p->kind], c, y, x, c->w - x, ROLE_DEFAULT, true);
}
