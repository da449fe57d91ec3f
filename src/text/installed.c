#include "text/installed.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "text/sentence.h"

#include <stdlib.h>
#include <string.h>

#define PATH "path:"

const struct installed_known installed_known[] = {
    {"minilm", "all-MiniLM-L6-v2", "Apache-2.0",
	"`./bootstrap encoder` in the source tree fetches it"},
    {"mpnet", "all-mpnet-base-v2", "Apache-2.0",
	"put the files of its authors' repository there: model.safetensors, config.json, "
	"tokenizer.json, modules.json, sentence_bert_config.json, 1_Pooling/config.json"},
};
const size_t installed_known_count = sizeof(installed_known) / sizeof(*installed_known);

const struct installed_known *installed_find(const char *name)
{
	for (size_t i = 0; i < installed_known_count; i++)
		if (!strcmp(name, installed_known[i].name))
			return &installed_known[i];
	return NULL;
}

char *installed_dir(const char *name, struct err *e)
{
	const char *set = getenv("EMBEDLLM_ENCODERS");
	char *data, *folder, *dir;

	if (!strncmp(name, PATH, strlen(PATH)))
		return mem_strdup(name + strlen(PATH));
	if (!installed_find(name)) {
		err_set(e, ERR_USAGE,
		    "no encoder \"%s\"; there are builtin, minilm, mpnet, path:DIR, and two of "
		    "them as A+B",
		    name);
		return NULL;
	}
	if (set && *set)
		return file_join(set, name);
	data = file_data_dir();
	if (!data) {
		err_set(e, ERR_FAILED,
		    "no home folder to look for encoders in; set EMBEDLLM_ENCODERS to a folder");
		return NULL;
	}
	folder = file_join(data, "encoders");
	dir = file_join(folder, name);
	mem_free(folder);
	mem_free(data);
	return dir;
}

bool installed_is_there(const char *name)
{
	char *dir = installed_dir(name, NULL);
	bool there = dir && file_is_dir(dir);

	mem_free(dir);
	return there;
}

struct encoder *installed_open(const char *name, struct err *e)
{
	const struct installed_known *known = installed_find(name);
	char *dir = installed_dir(name, e);
	struct encoder *enc = NULL;

	if (dir && known && !file_is_dir(dir))
		err_set(e, ERR_DATA, "encoder %s (%s) is not installed in %s; %s", name,
		    known->model, dir, known->remedy);
	else if (dir)
		enc = sentence_open(dir, known ? known->name : "path", e);
	mem_free(dir);
	return enc;
}
